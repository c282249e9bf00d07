"""Keras's word on training: 20 steps of Adam from given weights and batches; prints the losses and a few end weights.

Usage: train_parity.py MODEL_FOLDER ASKED.json, the question being {shape, batches: [{data, labels}], cases: [case]} and a case
{trainable: [layer], updateStatistics: bool, learningRate, classWeights: [..]|null, watch: [key]}; prints a list.
"""
import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

from layers_model import key_of, load_model

folder, asked_file = sys.argv[1:3]
with open(asked_file) as file:
    asked = json.load(file)
batches = [
    (np.array(batch["data"], np.float32).reshape(asked["shape"]), np.array(batch["labels"], np.int32))
    for batch in asked["batches"]
]


def judge(case):
    keras.backend.clear_session()
    model = load_model(folder)
    keys = {}
    for layer in model.layers:
        if layer.weights:
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
