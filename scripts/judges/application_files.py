"""Keras's word on one of its applications: writes its weights as Keras saves them, prints the features of images.

Usage: application_files.py REQUEST.json, a file of {"keras": function, "arguments", "imageSize", "pixels": file of
uint8 [count, imageSize, imageSize, 3], "count", "folder", "formats": of "model.h5", "model.weights.h5", "model.keras",
"imagenet": bool, "seed"}. Prints {"version", "parameters", "layers", "features": [count, channels]}.

Every weight is random, statistics of normalisations are those of the images, disturbed: nothing is equal by chance, and
nothing overflows however deep the network is. With "imagenet" the graph is the one Keras builds for its ImageNet
weights, which it is given ours in place of.
"""
import json
import os
import sys

import keras as keras_package
import numpy as np
import tensorflow as tf
from tensorflow import keras

with open(sys.argv[1]) as file:
    request = json.load(file)
random = np.random.default_rng(request["seed"])
keras.utils.set_random_seed(request["seed"])
size = request["imageSize"]
images = np.fromfile(request["pixels"], np.uint8).reshape(request["count"], size, size, 3).astype(np.float32)
application = getattr(keras.applications, request["keras"])
module = sys.modules[application.__module__]
settings = {**request["arguments"], "include_top": False, "pooling": "avg", "input_shape": (size, size, 3)}
model = application(weights=None, **settings)
if request["imagenet"]:
    stand_in = os.path.join(request["folder"], "imagenet.h5")
    model.save_weights(stand_in)
    module.data_utils.get_file = lambda *_, **__: stand_in
    model = application(weights="imagenet", **settings)
inputs = module.preprocess_input(images.copy())


def draw(weight):
    name = weight.name.split("/")[-1].split(":")[0]
    if name == "gamma":
        return random.uniform(0.5, 1.5, weight.shape)
    if name in ("beta", "bias"):
        return random.normal(0, 0.1, weight.shape)
    return None


def disturb(layer):
    for weight in layer.weights:
        values = draw(weight)
        if values is not None:
            weight.assign(values.astype(np.float32))
    if type(layer).__name__ == "LayerScale":
        layer.gamma.assign(random.uniform(0.1, 0.3, layer.gamma.shape).astype(np.float32))
    if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
        deviations = [0.229, 0.224, 0.225]
        spread = deviations if request["imagenet"] else random.uniform(0.05, 0.1, 3)
        layer.set_weights([np.array([0.485, 0.456, 0.406], np.float32), np.array(spread, np.float32), 1])
        layer.finalize_state()


layers = model._flatten_layers(include_self=False, recursive=True)
layers = [layer for layer in layers if not isinstance(layer, keras.Model)]
norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
for layer in layers:
    disturb(layer)
momenta = [layer.momentum for layer in norms]
for layer in norms:
    layer.momentum = 0.0
model(inputs, training=True)
for layer, momentum in zip(norms, momenta):
    layer.momentum = momentum
    layer.moving_mean.assign(layer.moving_mean * random.uniform(0.9, 1.1, layer.moving_mean.shape))
    # A channel that hardly varies would be nothing but rounding, blown up.
    variance = layer.moving_variance * random.uniform(0.8, 1.2, layer.moving_variance.shape)
    layer.moving_variance.assign(variance + 0.1 * tf.reduce_mean(variance))

for name in request["formats"]:
    path = os.path.join(request["folder"], name)
    if name == "model.weights.h5":
        model.save_weights(path)
    else:
        model.save(path)
features = np.concatenate([model(inputs[at : at + 1], training=False) for at in range(len(inputs))])
assert np.isfinite(features).all() and features.std() > 0
print()
print(
    json.dumps(
        {
            "version": keras_package.__version__,
            "parameters": model.count_params(),
            "layers": len(layers),
            "features": features.tolist(),
        }
    )
)
