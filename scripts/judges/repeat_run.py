"""Keras repeats a run of Thaw: its first weights, its pixels, its order of the images, its choice of the epoch that the
next phase begins with. Prints losses and validation accuracies by epoch.

Usage: repeat_run.py FOLDER [IMAGES]
FOLDER is what main/engine/testing/repeatableRun.ts wrote. With IMAGES, the dataset's folder, Keras decodes and resizes
the images itself, as `image_dataset_from_directory` does. The head is one dense layer; batch norm keeps its statistics.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

from layers_model import load_model

folder = sys.argv[1]
images = sys.argv[2] if len(sys.argv) > 2 else None
with open(os.path.join(folder, "run.json")) as file:
    run = json.load(file)
if run["preprocess"] != "tf":
    raise SystemExit(f"preprocess is {run['preprocess']}, and only tf is known here")
batch_size = run["batchSize"]


def decoded(name):
    content = tf.io.read_file(os.path.join(images, name))
    pixels = tf.io.decode_image(content, channels=3, expand_animations=False)
    return tf.image.resize(pixels, run["size"], method="bilinear").numpy()


def pixels_of(side):
    if images is not None:
        return np.stack([decoded(name) for name in run["files"][side]])
    return np.fromfile(os.path.join(folder, f"{side}.bin"), np.uint8).reshape(-1, *run["size"], 3)


def scaled(pixels):
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0


def in_batches(values):
    return [values[start : start + batch_size] for start in range(0, len(values), batch_size)]


pixels = {side: pixels_of(side) for side in ("train", "val")}
labels = {side: np.array(run["labels"][side], np.int32) for side in ("train", "val")}
model = load_model(os.path.join(folder, "model"))
dense = model.layers[-1]
body = keras.Model(model.input, dense.input)
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def logits_of(features):
    return tf.matmul(features, dense.kernel) + dense.bias


def train(phase, history, best):
    """Trains the layers of a phase; gives the best epoch so far: its score and the model's weights."""
    for layer in model.layers:
        layer.trainable = layer.name in phase["trainable"]
    variables = model.trainable_variables
    head_only = len(variables) == len(dense.weights)
    if head_only:
        compute = tf.function(lambda batch: body(scaled(batch), training=False), reduce_retracing=True)
        inputs = {
            side: np.concatenate([compute(batch).numpy() for batch in in_batches(values)])
            for side, values in pixels.items()
        }
        forward = logits_of
    else:
        inputs = pixels
        forward = lambda batch: logits_of(body(scaled(batch), training=False))
    optimizer = keras.optimizers.Adam(phase["learningRate"])

    @tf.function(reduce_retracing=True)
    def step(batch, truth):
        with tf.GradientTape() as tape:
            loss = loss_of(truth, forward(batch))
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    evaluate = tf.function(forward, reduce_retracing=True)
    for _ in range(phase["epochs"]):
        order = np.array(run["orders"][len(history)])
        losses = 0.0
        for chosen in in_batches(order):
            losses += float(step(inputs["train"][chosen], labels["train"][chosen])) * len(chosen)
        logits = np.concatenate([evaluate(batch).numpy() for batch in in_batches(inputs["val"])])
        accuracy = float((logits.argmax(1) == labels["val"]).mean())
        loss = float(loss_of(labels["val"], logits))
        history.append({"loss": losses / len(order), "valAccuracy": accuracy, "valLoss": loss})
        if best is None or (accuracy, -loss) > best[0]:
            best = ((accuracy, -loss), model.get_weights())
    return best


history, best = [], None
for phase in run["phases"]:
    if best is not None:
        model.set_weights(best[1])
    best = train(phase, history, best)
print(json.dumps({"epochs": history}))
