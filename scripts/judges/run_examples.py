"""Runs the example or verify.py of each exported folder named, in one process, and prints what each prints as JSON.

The programs are those that users get; each loads its model in the official runtime and compares the golden images.
"""
import contextlib
import io
import json
import runpy
import sys
from pathlib import Path

results = {}
for folder in sys.argv[1:]:
    program = next(path for path in (Path(folder) / "verify.py", Path(folder) / "example.py") if path.exists())
    printed = io.StringIO()
    arguments, sys.argv = sys.argv, [str(program)]
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(program), run_name="__main__")
    except SystemExit as error:
        sys.exit(f"{program}: {error}")
    finally:
        sys.argv = arguments
    results[folder] = json.loads(printed.getvalue().strip().splitlines()[-1])
json.dump(results, sys.stdout)
