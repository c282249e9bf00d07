"""Model files as Keras writes them, and what is in them.

Usage: keras_files.py FOLDER MODEL…; with Keras 2 or 3, whichever runs it. Writes model.h5, model.keras, weights.h5 and
model.weights.h5 of small seeded models into FOLDER/MODEL, and prints JSON by model: the weights of every layer that has
any (those of nested models too), an input, and the output for it.
"""
import json
import os
import sys

import numpy as np
import keras
from keras import layers

keras_3 = int(keras.__version__.split(".")[0]) >= 3
random = np.random.default_rng(7)
models = {}


def model(build):
    models[build.__name__] = build
    return build


@model
def branches():
    """Two branches of unequal depth, classes in an order that is not the order of the graph."""
    image = keras.Input((16, 20, 3), name="image")
    stem = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem")(image)
    stem = layers.BatchNormalization(name="stem_bn")(stem)
    stem = layers.ReLU(6.0, name="stem_relu")(stem)
    short = layers.Conv2D(6, 1, name="shortcut")(stem)
    deep = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="deep_depthwise")(stem)
    deep = layers.BatchNormalization(scale=False, name="deep_bn")(deep)
    deep = layers.Conv2D(6, 1, activation="relu", name="deep_project")(deep)
    deep = layers.SeparableConv2D(6, 3, padding="same", name="deep_separable")(deep)
    x = layers.Add(name="join")([deep, short])
    x = layers.Dropout(0.2, name="drop")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(5, activation="softmax", name="classes")(x)
    return keras.Model(image, x, name="branches")


@model
def many_layers():
    """So many long names that layer_names does not fit one HDF5 attribute."""
    image = keras.Input((4, 4, 3), name="image")
    x = image
    for index in range(260):
        long = "a_layer_with_a_name_that_takes_a_lot_of_room_in_the_header_of_an_hdf5_object_" * 4
        layer = layers.Conv2D(3, 1, name=f"{long}{index}") if index % 20 == 0 else layers.ReLU(name=f"{long}{index}")
        x = layer(x)
    return keras.Model(image, x, name="many_layers")


@model
def mobilenet():
    """The smallest of Keras Applications, without its classifier."""
    return keras.applications.MobileNet((224, 224, 3), alpha=0.25, include_top=False, weights=None)


@model
def nested():
    """A preprocessing layer, a frozen functional backbone with names the head uses too, and a Sequential head."""
    inner_image = keras.Input((12, 12, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="conv")(inner_image)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Activation("relu", name="relu")(x)
    x = layers.Conv2D(4, 3, strides=2, name="conv_2")(x)
    x = layers.BatchNormalization(name="norm_2")(x)
    backbone = keras.Model(inner_image, x, name="backbone")
    for index, layer in enumerate(backbone.layers):
        layer.trainable = index >= 4
    head = keras.Sequential([layers.GlobalAveragePooling2D(), layers.Dense(6, activation="relu", name="hidden"),
                             layers.Dropout(0.1), layers.Dense(3, name="logits")], name="head")
    image = keras.Input((12, 12, 3), name="photo")
    x = layers.RandomFlip("horizontal", name="flip")(image)
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(x)
    x = backbone(x, training=False)
    x = layers.Conv2D(5, 1, name="conv")(x)
    return keras.Model(image, layers.Softmax(name="softmax")(head(x)), name="nested")


@model
def sequential():
    """A plain Sequential model that states its input by its first layer."""
    first = {} if keras_3 else {"input_shape": (9, 10, 3)}
    return keras.Sequential(
        ([keras.Input((9, 10, 3))] if keras_3 else [])
        + [
            layers.Rescaling(1 / 255, **first),
            layers.Conv2D(4, 3, activation="hard_sigmoid"),
            layers.LeakyReLU(0.1),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )


@model
def shared():
    """One convolution and one nested model with weights, called twice each."""
    image = keras.Input((8, 8, 3), name="image")
    conv = layers.Conv2D(3, 3, padding="same", name="conv")
    block_image = keras.Input((8, 8, 3))
    block = keras.Model(block_image, layers.Conv2D(3, 1, activation="tanh", name="inside")(block_image), name="block")
    relu = layers.ReLU(name="relu")
    x = relu(conv(relu(conv(image))))
    x = layers.Add(name="join")([block(x), block(image)])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(3, activation="softmax", name="classes")(x), name="shared")


@model
def operations():
    """Arithmetic between layers, as Keras's preprocessing and MobileNetV3 write it."""
    image = keras.Input((10, 10, 3), name="image")
    x = keras.applications.resnet.preprocess_input(image)
    x = x / 127.5
    x = 1.0 - x
    x = layers.Conv2D(4, 3, name="conv")(x)
    if keras_3:
        from keras import ops

        x = x * ops.relu6(x + 3.0) * (1.0 / 6.0)
        y = ops.concatenate([ops.silu(x), ops.clip(x, 0, 2)], axis=-1)
        y = ops.mean(y, axis=[1, 2])
    else:
        import tensorflow as tf

        x = x * tf.nn.relu6(x + 3.0) * (1.0 / 6.0)
        y = tf.concat([tf.nn.silu(x), tf.clip_by_value(x, 0, 2)], axis=-1)
        y = tf.reduce_mean(y, axis=[1, 2])
    return keras.Model(image, layers.Dense(3, activation="softmax", name="classes")(y), name="operations")


@model
def rarer():
    """Layers that Keras Applications do without."""
    image = keras.Input((18, 14, 3), name="image")
    x = layers.Resizing(12, 12, name="resize")(image)
    if not keras_3:
        # Keras 3's leaves the size as it is outside training, against the shape that it states.
        x = layers.RandomCrop(10, 11, name="random_crop")(x)
    x = layers.GaussianNoise(0.1, name="noise")(x)
    x = layers.Conv2D(6, 3, activation="mish", name="conv")(x)
    x = layers.GroupNormalization(groups=3, name="group_norm")(x)
    x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
    up = layers.Conv2DTranspose(6, 3, strides=2, padding="same", output_padding=1, name="transposed")(x)
    flat = layers.UpSampling2D(2, interpolation="bilinear", name="between")(x)
    x = layers.Minimum(name="least")([up, flat])
    x = layers.LayerNormalization(axis=[2, 3], name="layer_norm")(x)
    x = layers.ELU(0.7, name="elu")(x)
    x = layers.CenterCrop(8, 8, name="crop")(x)
    x = layers.Identity(name="identity")(x) if hasattr(layers, "Identity") else x
    x = layers.UnitNormalization(name="unit")(layers.GlobalMaxPooling2D(name="pool")(x))
    x = layers.Flatten(name="rows")(layers.RepeatVector(2, name="repeat")(x))
    x = layers.Dense(4, activation="softplus", name="dense")(x)
    if keras_3:
        x = layers.Dense(4, activation="hard_tanh", name="bounded")(layers.Activation("celu", name="celu")(x))
        x = layers.Dense(4, activation="leaky_relu", name="leaky")(x)
    else:
        x = layers.ThresholdedReLU(0.5, name="thresholded")(x)
    return keras.Model(image, layers.Dense(3, activation="softmax", name="classes")(x), name="rarer")


def leaves(model):
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from leaves(layer)
        else:
            yield layer


def randomise(model):
    for layer in leaves(model):
        values = []
        for weight in layer.weights:
            value = random.normal(0, 0.5, tuple(weight.shape)).astype("float32")
            values.append(np.abs(value) + 0.5 if "variance" in weight.name else value)
        if values:
            layer.set_weights(values)


def write(model, folder):
    os.makedirs(folder, exist_ok=True)
    model.save(os.path.join(folder, "model.h5"))
    # Keras 2 cannot write a slice with an ellipsis into a .keras file.
    if keras_3 or model.name != "operations":
        model.save(os.path.join(folder, "model.keras"))
    model.save_weights(os.path.join(folder, "model.weights.h5"))
    if not keras_3:
        model.save_weights(os.path.join(folder, "weights.h5"))


def describe(model):
    x = random.uniform(0, 1, (2, *model.input_shape[1:])).astype("float32")
    y = np.asarray(model(x, training=False))
    return {
        "weights": {
            layer.name: [{"shape": w.shape, "data": w.ravel().tolist()} for w in layer.get_weights()]
            for layer in leaves(model)
            if layer.weights
        },
        "input": x.ravel().tolist(),
        "output": y.ravel().tolist(),
    }


folder, *names = sys.argv[1:]
described = {}
for name in names:
    built = models[name]()
    randomise(built)
    write(built, os.path.join(folder, name))
    described[name] = describe(built)
print(json.dumps(described))
