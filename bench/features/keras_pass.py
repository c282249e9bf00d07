"""The same pass in Keras: image_dataset_from_directory, prefetched, through tf.function. Prints images and seconds."""
import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow import keras

dataset, folder = sys.argv[1:3]
with open(os.path.join(folder, "model.json")) as file:
    model_json = json.load(file)
config = json.dumps(model_json["modelTopology"]["model_config"])
model = keras.models.model_from_json(config, custom_objects={"relu6": tf.nn.relu6})
stored = {}
for group in model_json["weightsManifest"]:
    raw = b"".join(open(os.path.join(folder, name), "rb").read() for name in group["paths"])
    offset = 0
    for entry in group["weights"]:
        count = int(np.prod(entry["shape"]))
        stored[entry["name"]] = np.frombuffer(raw, np.float32, count, offset).reshape(entry["shape"])
        offset += 4 * count
for layer in model.layers:
    if layer.weights:
        names = [weight.name.split("/")[-1].split(":")[0] for weight in layer.weights]
        layer.set_weights([stored[f"{layer.name}/{name}"] for name in names])
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
