"""Keras's word on a whole network: model.json written by Thaw, its float32 weights and a batch, to one output.

Usage: network_forward.py MODEL_FOLDER INPUT.json; the weights are read from the manifest without any of our code.
"""
import json
import sys

import numpy as np
from tensorflow import keras

from layers_model import load_model

folder, input_file = sys.argv[1:3]
model = load_model(folder)
with open(input_file) as file:
    batch = json.load(file)
x = np.array(batch["data"], np.float32).reshape(batch["shape"])
names = batch["layers"]
outputs = keras.Model(model.input, [model.get_layer(name).output for name in names])(x, training=False)
outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
json.dump({name: np.asarray(y).ravel().tolist() for name, y in zip(names, outputs)}, sys.stdout)
