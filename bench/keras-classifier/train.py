"""Trains a small classifier in Keras, without any of our code: train.py FOLDER, with data.npz of prepare.py in it.

Writes model.keras and model.h5 and prints Keras's predictions for the images held out.
"""
import json
import os
import sys

import keras
import numpy as np
from keras import layers

folder = sys.argv[1]
data = np.load(os.path.join(folder, "data.npz"))
images, labels, held_out = data["images"], data["labels"], data["held_out"]
classes = int(labels.max()) + 1

keras.utils.set_random_seed(1)
image = keras.Input(images.shape[1:], name="image")
x = layers.RandomRotation(0.02)(image)
x = layers.Rescaling(1 / 127.5, offset=-1)(x)
for filters in (16, 32, 64, 64):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
x = layers.Dropout(0.3)(x)
x = layers.Dense(classes, activation="softmax", name="digits")(x)
model = keras.Model(image, x)
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(images[~held_out], labels[~held_out], batch_size=32, epochs=8, verbose=0)

model.save(os.path.join(folder, "model.keras"))
model.save(os.path.join(folder, "model.h5"))
probabilities = np.asarray(model.predict(images[held_out].astype("float32"), verbose=0))
truth = labels[held_out]
print(json.dumps({
    "keras": keras.__version__,
    "images": len(truth),
    "right": int((probabilities.argmax(1) == truth).sum()),
    "loss": float(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], 1e-7)).mean()),
}))
