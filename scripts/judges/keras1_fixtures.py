"""Model files as Keras 1.2.2 itself writes them, with an input and its output for it: the fixtures of main/engine/testing/keras1.

Usage: keras1_fixtures.py KERAS1 OUT. KERAS1 is a folder with Keras 1.2.2 and what it needs:
    pip download --no-deps --no-binary :all: keras==1.2.2     (unpack it: KERAS1/keras)
    pip install --target KERAS1 pyyaml six
Runs on TensorFlow 2.15 (the judges' environment), whose first API Keras 1 takes for TensorFlow.
"""
import collections
import collections.abc
import inspect
import json
import os
import sys
import types

import numpy as np

keras_1, out = sys.argv[1:]
# What Python and TensorFlow have dropped since 2017.
for name in ("Iterable", "Mapping", "Sequence", "Callable", "MutableMapping"):
    setattr(collections, name, getattr(collections.abc, name))
Specification = collections.namedtuple("Specification", "args varargs keywords defaults")
inspect.getargspec = lambda function: Specification(*inspect.getfullargspec(function)[:4])
os.environ["KERAS_BACKEND"] = "tensorflow"
import tensorflow

first = tensorflow.compat.v1
first.disable_v2_behavior()
module = types.ModuleType("tensorflow")
module.__dict__.update({key: getattr(first, key) for key in dir(first)})
module.__path__, module.__spec__ = tensorflow.__path__, tensorflow.__spec__
module.python, module.contrib = sys.modules["tensorflow.python"], types.SimpleNamespace()
sys.modules["tensorflow"] = module
for name in [name for name in sys.modules if name == "keras" or name.startswith("keras.")]:
    del sys.modules[name]
sys.path.insert(0, keras_1)
import keras

assert keras.__version__ == "1.2.2", keras.__version__
from keras import layers
from keras.layers import Input, merge
from keras.models import Model, Sequential

random = np.random.RandomState(7)


def functional():
    """Convolutions of all kinds, normalisation, the merge function, poolings, and a layer called twice."""
    image = Input((9, 10, 3), name="image")
    x = layers.ZeroPadding2D((1, 1, 2, 0), name="pad")(image)
    x = layers.Convolution2D(4, 3, 2, border_mode="same", subsample=(2, 2), bias=False, name="conv")(x)
    x = layers.BatchNormalization(axis=3, name="norm")(x)
    x = layers.Activation("relu", name="relu")(x)
    left = layers.SeparableConvolution2D(5, 3, 3, border_mode="same", depth_multiplier=2, name="separable")(x)
    right = layers.AtrousConvolution2D(5, 3, 3, border_mode="same", atrous_rate=(2, 2), name="spread")(x)
    x = merge([left, right], mode="sum", name="sum")
    x = merge([x, left, right], mode="ave", name="average")
    x = merge([x, right], mode="max", name="largest")
    twice = layers.Convolution2D(5, 1, 1, activation="hard_sigmoid", name="twice")
    x = merge([twice(x), twice(left)], mode="mul", name="product")
    x = layers.Deconvolution2D(
        3, 3, 2, output_shape=(None, 12, 12, 3), border_mode="same", subsample=(2, 2), name="deconvolution"
    )(x)
    x = layers.LeakyReLU(0.2, name="leaky")(x)
    x = layers.MaxPooling2D((2, 2), border_mode="same", name="max_pool")(x)
    x = layers.UpSampling2D((2, 1), name="up")(x)
    x = layers.Cropping2D(((1, 2), (0, 1)), name="crop")(x)
    x = layers.SpatialDropout2D(0.2, name="drop_channels")(x)
    x = layers.PReLU(name="prelu")(x)
    top = layers.GlobalAveragePooling2D(name="pool")(x)
    most = layers.GlobalMaxPooling2D(name="most")(x)
    x = merge([top, most], mode="concat", concat_axis=1, name="joined")
    x = layers.Dropout(0.5, name="drop")(x)
    return Model(image, layers.Dense(3, activation="softmax", name="classes")(x))


def sequential():
    """A Sequential model with another inside, as Keras 1's examples put a head on a network."""
    base = Sequential(name="base")
    base.add(layers.Convolution2D(4, 3, 3, activation="relu", input_shape=(10, 8, 3), name="conv_1"))
    base.add(layers.AveragePooling2D((2, 2), strides=(2, 2), name="average"))
    base.add(layers.BatchNormalization(name="norm_1"))
    model = Sequential()
    model.add(base)
    model.add(layers.Flatten(name="flat"))
    model.add(layers.GaussianNoise(0.1, name="noise"))
    model.add(layers.Dense(6, activation="tanh", bias=False, name="hidden"))
    model.add(layers.Dense(3, activation="softmax", name="classes"))
    return model


def nested():
    """A functional model with weights of both kinds inside another, half of it frozen."""
    inner = Input((8, 8, 3), name="inner")
    x = layers.Convolution2D(4, 3, 3, name="conv")(inner)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Convolution2D(4, 3, 3, activation="elu" if hasattr(keras.activations, "elu") else "relu", name="conv_2")(x)
    x = layers.BatchNormalization(name="norm_2")(x)
    backbone = Model(inner, x, name="backbone")
    for layer in backbone.layers[:3]:
        layer.trainable = False
    image = Input((8, 8, 3), name="image")
    x = layers.Flatten(name="flat")(backbone(image))
    return Model(image, layers.Dense(3, activation="softmax", name="classes")(x))


expected = {}
os.makedirs(out, exist_ok=True)
for build in (functional, sequential, nested):
    model = build()
    values = [random.normal(0, 0.5, value.shape).astype("float32") for value in model.get_weights()]
    names = [weight.name for layer in model.layers for weight in layer.weights]
    assert len(names) == len(values)
    values = [np.abs(v) + 0.5 if "running_std" in name else v for name, v in zip(names, values)]
    model.set_weights(values)
    model.save(os.path.join(out, build.__name__ + ".h5"))
    x = random.uniform(0, 1, (2, *model.input_shape[1:])).astype("float32")
    expected[build.__name__] = {"input": x.ravel().tolist(), "output": model.predict(x).ravel().tolist()}
with open(os.path.join(out, "expected.json"), "w") as file:
    json.dump(expected, file)
