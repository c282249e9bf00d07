"""Loads a model folder written by prepare.ts into Keras."""
import json
import os

import numpy as np
import tensorflow as tf
from tensorflow import keras


def load_headless(folder):
    with open(os.path.join(folder, "model.json")) as file:
        model_json = json.load(file)
    config = json.dumps(model_json["modelTopology"]["model_config"])
    model = keras.models.model_from_json(config, custom_objects={"relu6": tf.nn.relu6})
    stored = {}
    for group in model_json["weightsManifest"]:
        raw = b"".join(open(os.path.join(folder, name), "rb").read() for name in group["paths"])
        offset = 0
        for entry in group["weights"]:
            count = int(np.prod(entry["shape"]))
            stored[entry["name"]] = np.frombuffer(raw, np.float32, count, offset).reshape(entry["shape"])
            offset += 4 * count
    for layer in model.layers:
        if layer.weights:
            names = [weight.name.split("/")[-1].split(":")[0] for weight in layer.weights]
            layer.set_weights([stored[f"{layer.name}/{name}"] for name in names])
    return model
