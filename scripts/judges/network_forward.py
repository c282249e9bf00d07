"""Keras's word on a whole network: model.json written by Thaw, its float32 weights and a batch, to one output.

Usage: network_forward.py MODEL_FOLDER INPUT.json; the weights are read from the manifest without any of our code.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

folder, input_file = sys.argv[1:3]
with open(os.path.join(folder, "model.json")) as file:
    model_json = json.load(file)
model = keras.models.model_from_json(
    json.dumps(model_json["modelTopology"]["model_config"]), custom_objects={"relu6": tf.nn.relu6}
)
stored = {}
for group in model_json["weightsManifest"]:
    raw = b"".join(open(os.path.join(folder, name), "rb").read() for name in group["paths"])
    offset = 0
    for entry in group["weights"]:
        quantization = entry.get("quantization")
        dtype = np.dtype(quantization["dtype"] if quantization else entry["dtype"])
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(raw, dtype, count, offset).astype(np.float32)
        if quantization and "scale" in quantization:
            values = values * np.float32(quantization["scale"]) + np.float32(quantization["min"])
        stored[entry["name"]] = values.reshape(entry["shape"])
        offset += count * dtype.itemsize
for layer in model.layers:
    if layer.weights:
        layer.set_weights(
            [stored[f"{layer.name}/{weight.name.split('/')[-1].split(':')[0]}"] for weight in layer.weights]
        )
with open(input_file) as file:
    batch = json.load(file)
x = np.array(batch["data"], np.float32).reshape(batch["shape"])
names = batch["layers"]
outputs = keras.Model(model.input, [model.get_layer(name).output for name in names])(x, training=False)
outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
json.dump({name: np.asarray(y).ravel().tolist() for name, y in zip(names, outputs)}, sys.stdout)
