"""The golden values and the time of one image of an export in its official runtime.

Usage: time_export.py FOLDER FORMAT. Prints one line of JSON.
"""
import contextlib
import importlib.metadata
import io
import json
import runpy
import sys
import time
from pathlib import Path

folder, form = Path(sys.argv[1]), sys.argv[2]
program = next(path for path in (folder / "verify.py", folder / "example.py") if path.exists())
sys.argv = [str(program)]
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    example = runpy.run_path(str(program), run_name="__main__")
answer = json.loads(printed.getvalue().strip().splitlines()[-1])
image = example["load"](folder / "golden" / "0.png")[None]
times = []
for _ in range(60):
    start = time.perf_counter()
    example["probabilities"](image)
    times.append(time.perf_counter() - start)


def version(*names):
    for name in names:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return f"{name} {importlib.metadata.version(name)}"
    return "?"


tensorflow = ("tensorflow-cpu", "tensorflow")
runtime = {
    "keras": version("keras"),
    "h5": version("keras"),
    "savedmodel": version(*tensorflow).replace("-cpu", ""),
    "tflite": version("ai-edge-litert", *tensorflow).replace("-cpu", " Lite"),
    "onnx": version("onnxruntime"),
}[form]
print(json.dumps({**answer, "runtime": runtime, "milliseconds": sorted(times)[len(times) // 2] * 1000}))
