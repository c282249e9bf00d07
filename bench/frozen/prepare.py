"""One pretrained Keras model in the formats other tools keep it in, and what Keras says of real images.

Usage: prepare.py MODEL.h5 OUT IMAGE... . Writes into OUT the images as PNG at the model's size, SavedModels by model.save and
model.export, and ONNX by tf2onnx in two forms. Prints {"images", "models": {name: file}, "features": [images, n]}.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf
import tf2onnx
from PIL import Image
from tensorflow import keras

source, out, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
backbone = keras.models.load_model(source, compile=False)
size = backbone.input_shape[1]
pooled = backbone.output if len(backbone.output_shape) == 2 else keras.layers.GlobalAveragePooling2D()(backbone.output)
if backbone.layers[-1].__class__.__name__ in ("Dense", "Activation", "Softmax"):
    pooled = next(l for l in reversed(backbone.layers) if "Pooling" in l.__class__.__name__).output
keras.utils.set_random_seed(1)
model = keras.Model(backbone.input, keras.layers.Dense(9, activation="softmax", name="classes")(pooled))
pixels, images = [], []
for number, name in enumerate(paths):
    image = Image.open(name).convert("RGB").resize((size, size), Image.BICUBIC)
    images.append(os.path.join(out, f"{number}.png"))
    # Without the profile of the original, which would be applied.
    Image.fromarray(np.asarray(image)).save(images[-1])
    pixels.append(np.asarray(image, np.float32))
inputs = np.stack(pixels) / 127.5 - 1
features = keras.Model(backbone.input, pooled)(inputs, training=False).numpy().reshape(len(images), -1)

models = {"Keras 2.15, .h5": "model.h5", "SavedModel of model.save": "saved", "SavedModel of model.export": "exported"}
model.save(os.path.join(out, "model.h5"))
model.save(os.path.join(out, "saved"), save_format="tf")
model.export(os.path.join(out, "exported"))
forms = [
    ("tf2onnx, operator set 13", 13, None, [None, size, size, 3]),
    ("tf2onnx, operator set 17, channels first", 17, ["image"], [None, size, size, 3]),
]
for title, opset, turned, shape in forms:
    file = title.replace(", ", "-").replace(" ", "-") + ".onnx"
    signature = [tf.TensorSpec(shape, tf.float32, name="image")]
    tf2onnx.convert.from_keras(
        model, input_signature=signature, opset=opset, inputs_as_nchw=turned, output_path=os.path.join(out, file)
    )
    models[title] = file
print()
print(json.dumps({"images": images, "models": models, "size": size, "features": features.tolist()}))
