"""Keras's word on single layers: reads a JSON of cases, writes their outputs, gradients and statistics as JSON.

A case: {layers: Keras 2 layer list, input: shape and values, weights: {"layer/weight": values}, training: bool}.
The gradient is of sum(output * probe), so that every output element counts differently.
"""
import json
import sys

import numpy as np
import tensorflow as tf
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
from tensorflow import keras


def array(entry):
    return np.array(entry["data"], np.float32).reshape(entry["shape"])


def listed(value):
    return np.asarray(value, np.float32).ravel().tolist()


def hard_sigmoid(x):
    return tf.nn.relu6(x + 3.0) / 6.0


def hard_swish(x):
    return x * hard_sigmoid(x)


# Functions and layers that Keras 2 does not find by name: TensorFlow's own, and those inside its applications.
custom_objects = {
    "relu6": tf.nn.relu6,
    "hard_sigmoid_3": hard_sigmoid,
    "hard_swish": hard_swish,
    "hard_silu": hard_swish,
    "gelu_tanh": lambda x: tf.nn.gelu(x, approximate=True),
    "leaky_relu": tf.nn.leaky_relu,
    "hard_tanh": lambda x: tf.clip_by_value(x, -1.0, 1.0),
    "LayerScale": LayerScale,
    "StochasticDepth": StochasticDepth,
    "CustomScaleLayer": CustomScaleLayer,
}


def judge(case):
    config = {
        "class_name": "Functional",
        "config": {
            "name": "judge",
            "layers": case["layers"],
            "input_layers": [[case["layers"][0]["config"]["name"], 0, 0]],
            "output_layers": [[case["layers"][-1]["config"]["name"], 0, 0]],
        },
    }
    model = keras.models.model_from_json(json.dumps(config), custom_objects=custom_objects)
    keys = {}
    for layer in model.layers:
        # Those given in the configuration are no weights for us.
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is not None:
            continue
        for weight in layer.weights:
            name = weight.name.split("/")[-1].split(":")[0]
            key = f"{layer.name}/{name}"
            weight.assign(tf.cast(array(case["weights"][key]), weight.dtype))
            keys[key] = weight
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    x = tf.constant(array(case["input"]))
    probe = tf.constant(array(case["probe"]))
    trained = [(key, weight) for key, weight in keys.items() if weight.trainable]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x, training=case.get("training", False))
        loss = tf.reduce_sum(y * probe)
    gradients = tape.gradient(loss, [x] + [weight for _, weight in trained])
    return {
        "shape": list(y.shape),
        "output": listed(y),
        "inputGradient": listed(gradients[0]),
        "gradients": {key: listed(g) for (key, _), g in zip(trained, gradients[1:])},
        "moving": {key: listed(w) for key, w in keys.items() if key.split("/")[1].startswith("moving")},
    }


with open(sys.argv[1]) as file:
    cases = json.load(file)
json.dump([judge(case) for case in cases], sys.stdout)
