"""LayersModels (model.json and its weight files) as Keras models, of Keras 2 and Keras 3."""
import json
import os

import numpy as np
import keras
import tensorflow as tf


def load_model(folder):
    """The model in a folder, with its weights. Thaw's writer and the TensorFlow.js converter name weights alike."""
    with open(os.path.join(folder, "model.json")) as file:
        described = json.load(file)
    config = described["modelTopology"]["model_config"]["config"]
    for layer in config["layers"]:
        if layer["class_name"] == "DepthwiseConv2D":
            # Keras 2 writes it, Keras 3 refuses it.
            layer["config"].pop("groups", None)
    model = keras.Model.from_config(config, custom_objects={"relu6": tf.nn.relu6})
    if isinstance(model.output, list):
        # Keras 3 keeps the lists of the file.
        model = keras.Model(model.inputs[0], model.outputs[0], name=model.name)
    stored = read_weights(folder, described["weightsManifest"])
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([stored[key_of(layer, weight, stored)] for weight in layer.weights])
    return model


def key_of(layer, weight, stored=None):
    """The name of a layer's weight in the file, and in Thaw: layer/weight."""
    name = weight.name.split("/")[-1].split(":")[0]
    key = f"{layer.name}/{name}"
    if stored is not None and key not in stored:
        # Keras 3 calls a depthwise kernel a kernel.
        return f"{layer.name}/depthwise_{name}"
    return key


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
