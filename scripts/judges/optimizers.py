"""Keras's word on optimizers and schedules.

usage: optimizers.py CASE.json, the case being
{optimizers: [{kind, options, learningRate, start: {name: values}, gradients: [{name: values}]}],
 cosine: {learningRate, warmupSteps, totalSteps}, plateau: [validation losses]}
prints {"optimizers": [{"values": {name: values}, "average": {...}}], "cosine": [...], "plateau": [...]}
"""
import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

case = json.load(open(sys.argv[1]))
KINDS = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW, "sgd": keras.optimizers.SGD}


def run(one):
    variables = {name: tf.Variable(np.array(values, np.float32), name=name) for name, values in one["start"].items()}
    optimizer = KINDS[one["kind"]](one["learningRate"], **one["options"])
    if one["kind"] == "adamw":
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(list(variables.values()))
    for gradients in one["gradients"]:
        pairs = [(tf.constant(np.array(gradients[name], np.float32)), variable) for name, variable in variables.items()]
        optimizer.apply_gradients(pairs)
    values = {name: variable.numpy().tolist() for name, variable in variables.items()}
    if not one["options"].get("use_ema"):
        return {"values": values}
    optimizer.finalize_variable_values(list(variables.values()))
    return {"values": values, "average": {name: variable.numpy().tolist() for name, variable in variables.items()}}


def cosine(learningRate, warmupSteps, totalSteps):
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmupSteps else learningRate,
        totalSteps - warmupSteps,
        warmup_target=learningRate if warmupSteps else None,
        warmup_steps=warmupSteps,
    )
    return [float(schedule(step)) for step in range(totalSteps)]


def plateau(losses):
    """The learning rate each epoch trains with, from 1."""
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(1,))])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.2, patience=2)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(losses):
        rates.append(float(model.optimizer.learning_rate.numpy()))
        callback.on_epoch_end(epoch, {"val_loss": loss})
    return rates


print(
    json.dumps(
        {
            "optimizers": [run(one) for one in case["optimizers"]],
            "cosine": cosine(**case["cosine"]),
            "plateau": plateau(case["plateau"]),
        }
    )
)
