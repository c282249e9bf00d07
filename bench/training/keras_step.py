"""The same steps in Keras, in one tf.function. Prints the seconds of each and the peak memory.

Usage: keras_step.py MODEL_FOLDER SHARE BATCH_NORM STEPS BATCH; the folder as written by prepare.ts, without a head.
"""
import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow import keras

from layers_model import load_model

folder, share, batch_norm, steps = sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
batch = int(sys.argv[5])
base = load_model(folder)
x = base.output
if len(x.shape) == 4:
    x = keras.layers.GlobalAveragePooling2D()(x)
model = keras.Model(base.input, keras.layers.Dense(5)(x))
count = len(model.layers)
first = int(count * (1 - share))
for index, layer in enumerate(model.layers):
    layer.trainable = index >= first
optimizer = keras.optimizers.Adam(1e-5)
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
if first > 0:
    # As a careful user would: the frozen part computed before, the rest as a model of its own.
    cut = next(layer for layer in model.layers if layer.trainable and layer.weights)
    start = cut.input
    suffix = keras.Model(start, model.output)
else:
    suffix = model
training = batch_norm == "update"


@tf.function
def step(images, labels):
    with tf.GradientTape() as tape:
        loss = loss_of(labels, suffix(images, training=training))
    variables = suffix.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


shape = [batch, *suffix.input_shape[1:]]
images = tf.random.uniform(shape, -1, 1)
labels = tf.constant(np.arange(batch) % 5)
whole = {"seconds": [], "cpuSeconds": []}
# The first call traces the step, too.
start, used = time.perf_counter(), time.process_time()
step(images, labels).numpy()
whole["firstSeconds"] = time.perf_counter() - start
whole["firstCpuSeconds"] = time.process_time() - used
for _ in range(steps):
    start, used = time.perf_counter(), time.process_time()
    step(images, labels).numpy()
    whole["seconds"].append(time.perf_counter() - start)
    whole["cpuSeconds"].append(time.process_time() - used)
whole["cut"] = suffix.input.name
whole["peakBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps(whole))
