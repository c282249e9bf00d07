"""Keras's word on exported files: loads each with load_model and no custom objects, and prints what it computes
and how many weights it has.

Usage: keras_exports.py CASES.json, a list of {"files": [...], "input": {"shape", "data"}}. Runs in Keras 2.15 and 3.
"""
import json
import sys

import keras
import numpy as np

with open(sys.argv[1]) as file:
    cases = json.load(file)
answers = []
failures = []
for case in cases:
    x = np.array(case["input"]["data"], np.float32).reshape(case["input"]["shape"])
    own = []
    for name in case["files"]:
        try:
            model = keras.models.load_model(name, compile=False)
            values = np.asarray(model(x, training=False)).ravel().tolist()
            own.append({"values": values, "weights": len(model.weights)})
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {error}"[:1000])
    answers.append(own)
if failures:
    sys.exit("\n".join(failures))
json.dump(answers, sys.stdout)
