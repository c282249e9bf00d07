"""ONNX models as other tools write them, and ONNX Runtime's word on the features of images.

Usage: onnx_backbones.py FOLDER PIXELS COUNT, PIXELS a file of uint8 [COUNT, 32, 32, 3]. Writes models into FOLDER and
prints {name: {"preprocess", "features": [COUNT, n]}} for those that can serve; the others are for being refused.
"""
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

folder, pixels, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
images = np.fromfile(pixels, np.uint8).reshape(count, 32, 32, 3)
random = np.random.default_rng(3)
scaled = {
    "tf": lambda x: x / 127.5 - 1,
    "torch": lambda x: (x / 255 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225]),
    "caffe": lambda x: x[..., ::-1] - np.array([103.939, 116.779, 123.68]),
    "unit": lambda x: x / 255,
    "none": lambda x: x,
}
types = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.float16): TensorProto.FLOAT16,
         np.dtype(np.uint8): TensorProto.UINT8}


def weight(name, *shape, dtype=np.float32):
    values = random.normal(0, 1 / np.sqrt(max(1, np.prod(shape[1:]))), shape)
    return numpy_helper.from_array(values.astype(dtype), name)


def node(op, inputs, output, **attributes):
    return helper.make_node(op, inputs, [output], name=output + "_node", **attributes)


def model(nodes, initializers, shape, output, dtype=np.float32, opset=17, extra=(), producer="", out_shape=None, domains=()):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("pixels", types[np.dtype(dtype)], shape), *extra],
        [helper.make_tensor_value_info(output, types[np.dtype(dtype)] if dtype != np.uint8 else TensorProto.FLOAT, out_shape)],
        initializers,
    )
    imports = [helper.make_opsetid("", opset)] + [helper.make_opsetid(domain, 1) for domain in domains]
    made = helper.make_model(graph, opset_imports=imports, producer_name=producer)
    made.ir_version = 8
    return made


def body(dtype=np.float32, source="pixels"):
    """Two convolutions, a pooling and a classifier, as PyTorch exports them."""
    nodes = [
        node("Conv", [source, "k1", "b1"], "c1", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Relu", ["c1"], "r1"),
        node("Conv", ["r1", "k2"], "c2", pads=[1, 1, 1, 1]),
        node("Relu", ["c2"], "r2"),
    ]
    weights = [weight("k1", 8, 3, 3, 3, dtype=dtype), weight("b1", 8, dtype=dtype), weight("k2", 12, 8, 3, 3, dtype=dtype)]
    return nodes, weights


def classifier(dtype=np.float32):
    nodes = [
        node("GlobalAveragePool", ["r2"], "pooled"),
        node("Flatten", ["pooled"], "flat"),
        node("Gemm", ["flat", "k3", "b3"], "logits", transB=1),
        node("Softmax", ["logits"], "answers", axis=1),
    ]
    return nodes, [weight("k3", 5, 12, dtype=dtype), weight("b3", 5, dtype=dtype)]


made = {}
wanted = {}


def serve(name, made_model, value, preprocess, layout="NCHW", average=None):
    """Adds a model whose features are a value, averaged over two of its axes where it is an image."""
    made[name] = made_model
    seen = onnx.ModelProto()
    seen.CopyFrom(made_model)
    del seen.graph.output[:]
    seen.graph.output.append(helper.make_empty_tensor_value_info(value))
    session = onnxruntime.InferenceSession(seen.SerializeToString())
    rows = []
    for image in images:
        x = scaled[preprocess](image.astype(np.float64)) if session.get_inputs()[0].type != "tensor(uint8)" else image
        kind = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}[session.get_inputs()[0].type]
        x = x[None].astype(kind)
        if layout == "NCHW":
            x = np.transpose(x, (0, 3, 1, 2))
        y = session.run([value], {"pixels": x})[0].astype(np.float32)
        rows.append((y.mean(axis=average) if average else y).reshape(-1).tolist())
    wanted[name] = {"preprocess": preprocess, "features": rows}


nodes, weights = body()
tail, more = classifier()
serve("pytorch", model(nodes + tail, weights + more, ["batch", 3, "height", "width"], "answers", producer="pytorch"), "pooled", "torch")
serve("old", model(nodes + tail, weights + more, [1, 3, 32, 32], "answers", opset=9), "pooled", "tf")
serve("headless", model(nodes, weights, ["batch", 3, 32, 32], "r2"), "r2", "caffe", average=(2, 3))
flattened = [node("Flatten", ["r2"], "flat"), node("Gemm", ["flat", "k3"], "logits", transB=1)]
serve("flattened", model(nodes + flattened, weights + [weight("k3", 5, 12 * 256)], ["batch", 3, 32, 32], "logits"), "r2", "tf", average=(2, 3))
squeeze = [
    node("Conv", ["r2", "k3"], "c3"),
    node("Relu", ["c3"], "r3"),
    node("GlobalAveragePool", ["r3"], "pooled"),
    node("Flatten", ["pooled"], "flat"),
    node("Softmax", ["flat"], "answers"),
]
serve("squeezenet", model(nodes + squeeze, weights + [weight("k3", 5, 12, 1, 1)], [1, 3, 32, 32], "answers"), "r2", "unit", average=(2, 3))

inner, weights16 = body(np.float16)
tail16, more16 = classifier(np.float16)
serve("half", model(inner + tail16, weights16 + more16, [1, 3, 32, 32], "answers", np.float16), "pooled", "tf")

first = [
    node("Cast", ["pixels"], "floats", to=TensorProto.FLOAT),
    node("Div", ["floats", "most"], "unit"),
    node("Transpose", ["unit"], "turned", perm=[0, 3, 1, 2]),
]
inner, weights = body(source="turned")
last = [
    node("Transpose", ["r2"], "channels_last", perm=[0, 2, 3, 1]),
    node("Reshape", ["channels_last", "vector"], "flat"),
    node("MatMul", ["flat", "k3"], "product"),
    node("Add", ["product", "b3"], "logits"),
]
most = numpy_helper.from_array(np.array(255, np.float32), "most")
vector = numpy_helper.from_array(np.array([-1, 12 * 256]), "vector")
late = [weight("k3", 12 * 256, 5), weight("b3", 5)]
serve("bytes", model(first + inner + last, weights + late + [most, vector], ["n", 32, 32, 3], "logits", np.uint8), "channels_last", "none", layout="NHWC", average=(1, 2))
kept = first[1:]
kept[0] = node("Div", ["pixels", "most"], "unit")
serve("inside", model(kept + inner + last, weights + late + [most, vector], ["n", 32, 32, 3], "logits"), "channels_last", "none", layout="NHWC", average=(1, 2))

for name, one in made.items():
    onnx.save(one, os.path.join(folder, name + ".onnx"))
beside = os.path.join(folder, "beside")
os.makedirs(beside)
serve("outside", made["pytorch"], "pooled", "torch")
onnx.save_model(made.pop("outside"), os.path.join(beside, "outside.onnx"), save_as_external_data=True, location="outside.data", size_threshold=0)

nodes, weights = body()
refused = {
    "custom": model(nodes + [helper.make_node("Magic", ["r2"], ["m"], domain="my.ops")], weights, [1, 3, 32, 32], "m", domains=["my.ops"]),
    "eight": model(nodes, weights, [8, 3, 32, 32], "r2"),
    "grey": model(nodes, weights, [1, 1, 32, 32], "r2"),
    "sound": model([node("Relu", ["pixels"], "r")], [], [1, 16000], "r"),
    "two": model(nodes, weights, [1, 3, 32, 32], "r2", extra=[helper.make_tensor_value_info("more", TensorProto.FLOAT, [1, 4])]),
    "ancient": model(nodes, weights, [1, 3, 32, 32], "r2", opset=6),
    "wrong": model([*nodes[:3], node("Relu", ["nowhere"], "r2")], weights, [1, 3, 32, 32], "r2"),
}
norm = helper.make_node("BatchNormalization", ["r2", "s", "t", "m", "v"], ["n", "m2", "v2"], training_mode=1)
statistics = [numpy_helper.from_array(np.ones(12, np.float32), name) for name in "stmv"]
refused["training"] = model(nodes + [norm], weights + statistics, [1, 3, 32, 32], "n")
step = helper.make_graph(
    [helper.make_node("Identity", ["condition"], ["again"]), helper.make_node("Identity", ["before"], ["after"])],
    "step",
    [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("condition", TensorProto.BOOL, []),
     helper.make_tensor_value_info("before", TensorProto.FLOAT, None)],
    [helper.make_tensor_value_info("again", TensorProto.BOOL, []), helper.make_tensor_value_info("after", TensorProto.FLOAT, None)],
)
forever = numpy_helper.from_array(np.array(True), "forever")
refused["endless"] = model(nodes + [helper.make_node("Loop", ["", "forever", "r2"], ["l"], body=step)], weights + [forever], [1, 3, 32, 32], "l")
for name, one in refused.items():
    onnx.save(one, os.path.join(folder, name + ".onnx"))

for name, location in [("escaping", "../outside.data"), ("absolute", "/etc/passwd"), ("missing", "not-there.data")]:
    one = onnx.load(os.path.join(beside, "outside.onnx"), load_external_data=False)
    for tensor in one.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    onnx.save(one, os.path.join(folder, name + ".onnx"))
print()
print(json.dumps(wanted))
