"""The TensorFlow Lite interpreter's word on exported files: LiteRT where it is installed, else the one in TensorFlow.

Usage: tflite_exports.py CASES.json, a list of {"files": [...], "input": {"shape", "data"}}; prints what each computes.
"""
import json
import sys

import numpy as np

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    import tensorflow as tf

    Interpreter = tf.lite.Interpreter

with open(sys.argv[1]) as file:
    cases = json.load(file)
answers = []
for case in cases:
    x = np.array(case["input"]["data"], np.float32).reshape(case["input"]["shape"])
    own = []
    for name in case["files"]:
        try:
            interpreter = Interpreter(model_path=name)
            interpreter.allocate_tensors()
            run = interpreter.get_signature_runner("serving_default")
            own.append(run(image=x)["probabilities"].ravel().tolist())
        except Exception as error:
            sys.exit(f"{name}: {type(error).__name__}: {error}"[:3000])
    answers.append(own)
json.dump(answers, sys.stdout)
