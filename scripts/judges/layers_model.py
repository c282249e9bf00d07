"""LayersModels (model.json and its weight files) as Keras models."""
import json
import os

import numpy as np
import tensorflow as tf
from tensorflow import keras


def load_model(folder):
    """The model in a folder, with its weights. Thaw's writer and the TensorFlow.js converter name weights alike."""
    with open(os.path.join(folder, "model.json")) as file:
        described = json.load(file)
    config = json.dumps(described["modelTopology"]["model_config"])
    model = keras.models.model_from_json(config, custom_objects={"relu6": tf.nn.relu6})
    stored = read_weights(folder, described["weightsManifest"])
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([stored[key_of(layer, weight)] for weight in layer.weights])
    return model


def key_of(layer, weight):
    """The name of a layer's weight in the file, and in Thaw: layer/weight."""
    return f"{layer.name}/{weight.name.split('/')[-1].split(':')[0]}"


def read_weights(folder, manifest):
    """The arrays of a weight manifest by name, quantized ones as float32."""
    stored = {}
    for group in manifest:
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
    return stored
