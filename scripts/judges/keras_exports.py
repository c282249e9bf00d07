"""Keras's word on exported files: loads each with load_model and no custom objects, and prints what it computes.

Usage: keras_exports.py CASES.json, a list of {"files": [...], "input": {"shape", "data"}}. Runs in Keras 2.15 and 3.
"""
import json
import sys

import keras
import numpy as np

with open(sys.argv[1]) as file:
    cases = json.load(file)
answers = []
for case in cases:
    x = np.array(case["input"]["data"], np.float32).reshape(case["input"]["shape"])
    own = []
    for name in case["files"]:
        try:
            model = keras.models.load_model(name, compile=False)
            own.append(np.asarray(model(x, training=False)).ravel().tolist())
        except Exception as error:
            sys.exit(f"{name}: {type(error).__name__}: {error}"[:3000])
    answers.append(own)
json.dump(answers, sys.stdout)
