"""Keras's word on the structure of its applications: prints one JSON line for each request on the command line.

Usage: structures.py 'JSON list of {"keras", "arguments"}'; answers {"parameters", "layers"}, where a
layer is [name, class, names of the layers it reads, output shape without the batch, shapes of its weights]. Models
inside models are written out, as Thaw writes them out.
"""
import json
import sys

import tensorflow as tf
from keras.src.initializers import initializers
from tensorflow import keras

# Values do not matter here, and zeros are made faster.
initializers.VarianceScaling.__call__ = lambda self, shape, dtype=None, **_: tf.zeros(shape, dtype or tf.float32)


def listed(model, feeds, out):
    """Appends a model's layers to `out`; `feeds` says which layer gives its input. Returns its last layer's name."""
    last = feeds
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            if feeds is None:
                out.append([layer.name, "InputLayer", [], list(layer.output_shape[0])[1:], []])
                named[layer.name] = layer.name
            else:
                named[layer.name] = feeds
            continue
        inbound = layer.inbound_nodes[-1 if feeds is not None else 0]
        reads = [named[source.name] for source in tf.nest.flatten(inbound.inbound_layers)]
        if isinstance(layer, keras.Model):
            named[layer.name] = inner(layer, reads[0], out)
        else:
            shapes = [list(weight.shape) for weight in layer.weights]
            out.append([layer.name, type(layer).__name__, reads, list(layer.output_shape)[1:], shapes])
            named[layer.name] = layer.name
        last = named[layer.name]
    return last


def inner(model, feeds, out):
    """A Sequential model: each layer reads the one before it."""
    for layer in model.layers:
        shapes = [list(weight.shape) for weight in layer.weights]
        out.append([layer.name, type(layer).__name__, [feeds], list(layer.output_shape)[1:], shapes])
        feeds = layer.name
    return feeds


for request in json.loads(sys.argv[1]):
    keras.backend.clear_session()
    named = {}
    model = getattr(keras.applications, request["keras"])(weights=None, **request["arguments"])
    layers = []
    listed(model, None, layers)
    print(json.dumps({"parameters": model.count_params(), "layers": layers}), flush=True)
