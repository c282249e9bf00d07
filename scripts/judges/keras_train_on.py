"""Loads exported Keras models as their users do: no custom objects; compares the golden images, then trains on.

usage: keras_train_on.py FOLDER…
prints {FOLDER: {"keras": version, "images": n, "maxAbsDifference": x, "losses": [before, after]}}
"""
import json
import os
import sys

import keras
import numpy as np
from PIL import Image

answers = {}
for folder in sys.argv[1:]:
    name = next(name for name in ("model.keras", "model.h5") if os.path.exists(os.path.join(folder, name)))
    model = keras.models.load_model(os.path.join(folder, name))
    golden = json.load(open(os.path.join(folder, "golden", "golden.json")))
    images = np.stack(
        [np.asarray(Image.open(os.path.join(folder, "golden", one["image"])), np.float32) for one in golden]
    )
    expected = np.array([one["probabilities"] for one in golden])
    difference = float(np.abs(model.predict(images, verbose=0) - expected).max())
    # Learns its own answers by heart, turned round: the loss must fall, so weights are trainable and gradients arrive.
    targets = np.roll(expected, 1, axis=1)
    model.compile(keras.optimizers.Adam(1e-3), "categorical_crossentropy")
    before = float(model.evaluate(images, targets, verbose=0))
    model.fit(images, targets, epochs=5, verbose=0)
    after = float(model.evaluate(images, targets, verbose=0))
    answers[folder] = {
        "keras": keras.__version__,
        "images": len(golden),
        "maxAbsDifference": difference,
        "losses": [before, after],
    }
print(json.dumps(answers))
