"""The same pass in Keras: image_dataset_from_directory, prefetched, through tf.function. Prints images and seconds."""
import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
from tensorflow import keras

from layers_model import load_model

dataset, folder = sys.argv[1:3]
model = load_model(folder)
size = model.input_shape[1:3]


@tf.function(reduce_retracing=True)
def features(images):
    return model(images / 127.5 - 1.0, training=False)


images = keras.utils.image_dataset_from_directory(
    dataset, image_size=size, batch_size=32, shuffle=False, interpolation="bilinear"
).prefetch(tf.data.AUTOTUNE)
features(tf.zeros((32, *size, 3)))
started = time.perf_counter()
count = 0
rows = []
for batch, _ in images:
    rows.append(features(batch).numpy())
    count += len(batch)
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"images": count, "seconds": seconds, "peakBytes": peak}))
