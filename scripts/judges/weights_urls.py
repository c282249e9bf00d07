"""Where Keras Applications fetch their ImageNet weights from: prints one JSON line [url, checksum] for each request.

Usage: weights_urls.py 'JSON list of {"function", "arguments"}'; nothing is fetched.
"""
import json
import sys

import tensorflow as tf
from keras.src.initializers import initializers
from keras.src.utils import data_utils
from tensorflow import keras

# Values do not matter here, and zeros are made faster.
initializers.VarianceScaling.__call__ = lambda self, shape, dtype=None, **_: tf.zeros(shape, dtype or tf.float32)


class Asked(Exception):
    pass


def get_file(fname, origin, cache_subdir=None, file_hash=None, md5_hash=None, **_):
    raise Asked([origin, file_hash or md5_hash])


data_utils.get_file = get_file
for request in json.loads(sys.argv[1]):
    keras.backend.clear_session()
    arguments = {"weights": "imagenet", "include_top": False, **request["arguments"]}
    if request["function"].startswith("MobileNet"):
        arguments["input_shape"] = (224, 224, 3)
    try:
        getattr(keras.applications, request["function"])(**arguments)
    except Asked as asked:
        print(json.dumps(asked.args[0]), flush=True)
