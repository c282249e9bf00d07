"""ONNX's own word on a model: checks every file named, shapes inferred strictly; prints the number checked."""
import sys

import onnx

for name in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(name), full_check=True)
print(len(sys.argv) - 1)
