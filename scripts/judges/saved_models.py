"""SavedModels as Keras 2 and TensorFlow write them, and Keras's word on the features of images.

Usage: saved_models.py FOLDER PIXELS COUNT SIZE, PIXELS a file of uint8 [COUNT, SIZE, SIZE, 3]. Writes into FOLDER
`mobile` (MobileNetV1 0.25 with its classifier), `own` (residuals, a nested model, two layers of one name inside) as
SavedModels, `own` as own.h5 too, `exported` (own by model.export: signatures, no Keras metadata), and `evil-*`, whose
signatures read or write files or call Python. Prints {name: {"preprocess", "features": [COUNT, n], "parameters"}}.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

folder, pixels, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
images = np.fromfile(pixels, np.uint8).reshape(count, size, size, 3).astype(np.float32)
keras.utils.set_random_seed(4)
random = np.random.default_rng(4)
layers = keras.layers
wanted = {}


def disturb(model):
    """Statistics of normalisations other than they begin with, so that nothing is equal by chance."""
    for weight in model.weights:
        name = weight.name.split("/")[-1]
        if name.startswith(("gamma", "moving_variance")):
            weight.assign(random.uniform(0.5, 1.5, weight.shape).astype(np.float32))
        elif name.startswith(("beta", "bias", "moving_mean")):
            weight.assign(random.normal(0, 0.1, weight.shape).astype(np.float32))


def keep(name, model, feature, inputs, preprocess):
    seen = keras.Model(model.input, feature)
    features = np.concatenate([seen(inputs[at : at + 1], training=False) for at in range(count)])
    wanted[name] = {
        "preprocess": preprocess,
        "features": features.reshape(count, -1).tolist(),
        "parameters": model.count_params(),
        "answers": model(inputs, training=False).numpy().tolist(),
    }


mobile = keras.applications.MobileNet(alpha=0.25, weights=None, classes=7, input_shape=(size, size, 3))
disturb(mobile)
mobile.save(os.path.join(folder, "mobile"), save_format="tf")
keep("mobile", mobile, mobile.get_layer("global_average_pooling2d").output, images / 127.5 - 1, "tf")


def block(filters, name):
    image = keras.Input((None, None, filters))
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, name="conv")(image)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(name="act")(x)
    x = layers.Add(name="sum")([x, image])
    return keras.Model(image, x, name=name)


image = keras.Input((size, size, 3), name="picture")
x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(image)
x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="stem")(x)
x = block(8, "first")(x)
x = layers.SeparableConv2D(12, 3, padding="same", name="separable")(x)
x = layers.Dropout(0.2, name="drop")(x)
x = block(12, "second")(x)
pooled = layers.GlobalAveragePooling2D(name="pool")(x)
own = keras.Model(image, layers.Dense(5, activation="softmax", name="classes")(pooled), name="own")
disturb(own)
own.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy")
own.fit(images, np.eye(5)[np.arange(count) % 5], epochs=1, verbose=0)
own.save(os.path.join(folder, "own"), save_format="tf")
own.save(os.path.join(folder, "own.h5"), include_optimizer=False)
keep("own", own, pooled, images, "none")
own.export(os.path.join(folder, "exported"))


class Subclassed(keras.Model):
    """A model whose layers are in a Python program, so that only its graph is saved."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(6, 3, activation="relu")
        self.pool = layers.GlobalAveragePooling2D()
        self.out = layers.Dense(3)

    def call(self, inputs):
        return self.out(self.pool(self.conv(inputs)))


subclassed = Subclassed()
subclassed(images / 255)
subclassed.save(os.path.join(folder, "subclassed"), save_format="tf")
middle = subclassed.pool(subclassed.conv(images / 255))
wanted["subclassed"] = {"preprocess": "unit", "features": middle.numpy().tolist()}


def evil(name, body):
    module = tf.Module()
    module.weight = tf.Variable(tf.ones([3, 3, 3, 4]))

    @tf.function(input_signature=[tf.TensorSpec([None, size, size, 3], tf.float32, name="image")])
    def serve(image):
        return {"features": body(tf.reduce_mean(tf.nn.conv2d(image, module.weight, 1, "SAME"), [1, 2]))}

    tf.saved_model.save(module, os.path.join(folder, name), signatures=serve)


def write(x):
    with tf.control_dependencies([tf.io.write_file(os.path.join(folder, "written"), "x")]):
        return tf.identity(x)


evil("harmless", lambda x: x)
evil("evil-write", write)
evil("evil-read", lambda x: x + tf.cast(tf.strings.length(tf.io.read_file("/etc/passwd")), tf.float32))
evil("evil-python", lambda x: tf.reshape(tf.py_function(lambda y: y, [x], tf.float32), [-1, 4]))
print()
print(json.dumps(wanted))
