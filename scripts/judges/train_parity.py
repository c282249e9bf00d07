"""Keras's word on training: 20 steps of Adam from given weights and batches; prints the losses and a few end weights.

Usage: train_parity.py MODEL_FOLDER ASKED.json, the question being {shape, batches: [{data, labels}], cases: [case]} and a case
{trainable: [layer], updateStatistics: bool, learningRate, classWeights: [..]|null, watch: [key]}; prints a list.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

folder, asked_file = sys.argv[1:3]
with open(os.path.join(folder, "model.json")) as file:
    model_json = json.load(file)
with open(asked_file) as file:
    asked = json.load(file)
stored = {}
for group in model_json["weightsManifest"]:
    raw = b"".join(open(os.path.join(folder, name), "rb").read() for name in group["paths"])
    offset = 0
    for entry in group["weights"]:
        count = int(np.prod(entry["shape"]))
        stored[entry["name"]] = np.frombuffer(raw, np.float32, count, offset).reshape(entry["shape"])
        offset += 4 * count
batches = [
    (np.array(batch["data"], np.float32).reshape(asked["shape"]), np.array(batch["labels"], np.int32))
    for batch in asked["batches"]
]


def key_of(layer, weight):
    return f"{layer.name}/{weight.name.split('/')[-1].split(':')[0]}"


def judge(case):
    keras.backend.clear_session()
    model = keras.models.model_from_json(json.dumps(model_json["modelTopology"]["model_config"]))
    keys = {}
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([stored[key_of(layer, weight)] for weight in layer.weights])
            keys.update({key_of(layer, weight): weight for weight in layer.weights})
        layer.trainable = layer.name in case["trainable"]
    optimizer = keras.optimizers.Adam(case["learningRate"])
    logits_model = keras.Model(model.input, model.layers[-1].input)
    dense = model.layers[-1]
    factors = None if case["classWeights"] is None else np.array(case["classWeights"], np.float32)

    @tf.function
    def step(images, labels, weights):
        with tf.GradientTape() as tape:
            features = logits_model(images, training=case["updateStatistics"])
            logits = tf.matmul(features, dense.kernel) + dense.bias
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits, weights)
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    losses = []
    for images, labels in batches:
        weights = np.ones(len(labels), np.float32) if factors is None else factors[labels]
        losses.append(float(step(tf.constant(images), tf.constant(labels), tf.constant(weights))))
    return {
        "losses": losses,
        "weights": {key: keys[key].numpy().ravel().tolist() for key in case["watch"]},
        "parameters": int(sum(np.prod(variable.shape) for variable in model.trainable_variables)),
    }


json.dump([judge(case) for case in asked["cases"]], sys.stdout)
