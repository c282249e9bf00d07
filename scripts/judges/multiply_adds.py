"""TensorFlow's word on the arithmetic of Keras Applications: half the floating-point operations of its profiler for
convolutions and matrix products, for one image.

Usage: multiply_adds.py NAME…; prints {NAME: {"convolution": n, "depthwise": n, "dense": n}}.
"""
import json
import sys

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph

kinds = {"Conv2D": "convolution", "DepthwiseConv2dNative": "depthwise", "MatMul": "dense"}
result = {}
for name in sys.argv[1:]:
    model = getattr(tf.keras.applications, name)(weights=None)
    signature = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    _, graph = convert_variables_to_constants_v2_as_graph(tf.function(model).get_concrete_function(signature))
    counts = dict.fromkeys(kinds.values(), 0)
    with tf.Graph().as_default() as imported:
        tf.import_graph_def(graph, name="")
        options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        options["output"] = "none"
        for op, kind in kinds.items():
            chosen = {**options, "account_type_regexes": [op + "$"]}
            profile = tf.compat.v1.profiler.profile(imported, cmd="op", options=chosen)
            counts[kind] = profile.total_float_ops // 2
    result[name] = counts
json.dump(result, sys.stdout)
