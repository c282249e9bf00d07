"""Milliseconds of model(x) on one image, warm."""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

from layers_model import load_model

model = load_model(sys.argv[1])
image = tf.constant(np.full([1, *model.input_shape[1:]], 100 / 127.5 - 1, np.float32))
times = []
for run in range(-5, 40):
    start = time.perf_counter()
    model(image, training=False).numpy()
    if run >= 0:
        times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"milliseconds": sorted(times)[len(times) // 2]}))
