"""What a careful user of Keras 2.15 writes for the same work. Prints seconds and validation accuracies.

Usage: keras_train.py frozen|precomputed|finetune|accuracy IMAGES MODEL_FOLDER EPOCHS [CUT [SEED]]
IMAGES has the folders train/ and val/.
"""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow import keras

from layers_model import load_model

work, images, folder, epochs = sys.argv[1:4] + [int(sys.argv[4])]
cut = sys.argv[5] if len(sys.argv) > 5 else None
seed = int(sys.argv[6]) if len(sys.argv) > 6 else 0
keras.utils.set_random_seed(seed)
base = load_model(folder)
size = base.input_shape[1:3]


def read(side, shuffle):
    return keras.utils.image_dataset_from_directory(
        os.path.join(images, side), image_size=size, batch_size=32, shuffle=shuffle, seed=seed
    )


def scaled(dataset):
    return dataset.map(lambda x, y: (x / 127.5 - 1.0, y)).prefetch(tf.data.AUTOTUNE)


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.perf_counter() - self.started)


seconds = []
train = read("train", True)
classes = len(train.class_names)
validation = read("val", False)


def pooled(x):
    return keras.layers.GlobalAveragePooling2D()(x) if len(x.shape) == 4 else x


def compile_(model, rate):
    model.compile(
        keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"]
    )


def features_of(dataset):
    body = keras.Model(base.input, pooled(base.output))
    run = tf.function(lambda x: body(x, training=False), reduce_retracing=True)
    pairs = [(run(x).numpy(), y.numpy()) for x, y in scaled(dataset)]
    return np.concatenate([x for x, _ in pairs]), np.concatenate([y for _, y in pairs])


def train_head(count):
    x, y = features_of(train)
    held = features_of(validation)
    head = keras.Sequential([keras.layers.Dense(classes, activation="softmax", input_shape=x.shape[1:])])
    compile_(head, 3e-3)
    history = head.fit(x, y, batch_size=32, epochs=count, validation_data=held, verbose=0)
    return head, history.history["val_accuracy"]


def whole(head=None):
    dense = keras.layers.Dense(classes, activation="softmax")
    model = keras.Model(base.input, dense(pooled(base.output)))
    if head is not None:
        dense.set_weights(head.layers[-1].get_weights())
    return model


def freeze_before(model):
    names = [layer.name for layer in model.layers]
    for layer in model.layers[: names.index(cut)]:
        layer.trainable = False


accuracies = []
if work == "frozen":
    base.trainable = False
    model = whole()
    compile_(model, 3e-3)
    accuracies = model.fit(
        scaled(train), epochs=epochs, validation_data=scaled(validation), verbose=0, callbacks=[Clock()]
    ).history["val_accuracy"]
elif work == "precomputed":
    accuracies = train_head(epochs)[1]
elif work == "finetune":
    model = whole()
    freeze_before(model)
    compile_(model, 1e-5)
    model.fit(
        scaled(train), epochs=epochs, validation_data=scaled(validation), verbose=0, callbacks=[Clock()]
    )
elif work == "accuracy":
    head, accuracies = train_head(epochs)
    model = whole(head)
    freeze_before(model)
    compile_(model, 1e-4)
    tuned = model.fit(scaled(train), epochs=2, validation_data=scaled(validation), verbose=0)
    accuracies = accuracies + tuned.history["val_accuracy"]
print(json.dumps({"seconds": seconds, "accuracies": accuracies}))
