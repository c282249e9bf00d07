"""What exports give in their formats' own loaders.

Usage: ask.py REQUEST.json, {"exports": [{"format", "directory"}], "imageSize", "count", "pixels": file of uint8
[count, imageSize, imageSize, 3]}. Prints a list of {"format", "runtime", "values": count x classes, or "error"}; only of
the formats that this environment has a loader for (with Keras 3: Keras files).
"""
import importlib.metadata
import json
import os
import sys

import keras
import numpy as np

with open(sys.argv[1]) as file:
    request = json.load(file)
size = request["imageSize"]
images = np.fromfile(request["pixels"], np.uint8).reshape(request["count"], size, size, 3).astype(np.float32)


def by_keras(directory, name):
    model = keras.models.load_model(os.path.join(directory, name), compile=False)
    return lambda image: np.asarray(model(image, training=False))


def by_saved_model(directory):
    import tensorflow as tf

    model = tf.saved_model.load(directory)
    serve = model.signatures["serving_default"]
    return lambda image: serve(image=tf.constant(image))["probabilities"].numpy()


def by_tflite(directory):
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(os.path.join(directory, "model.tflite"))
    [given], [answer] = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(given["index"], [1, size, size, 3])
    interpreter.allocate_tensors()

    def ask(image):
        interpreter.set_tensor(given["index"], image)
        interpreter.invoke()
        return interpreter.get_tensor(answer["index"])

    return ask


def by_onnx(directory):
    import onnx
    import onnxruntime

    file = os.path.join(directory, "model.onnx")
    onnx.checker.check_model(file, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda image: session.run(["probabilities"], {"image": image})[0]


loaders = {
    "keras": ("keras", lambda directory: by_keras(directory, "model.keras")),
    "h5": ("keras", lambda directory: by_keras(directory, "model.h5")),
}
if keras.__version__.startswith("2."):
    loaders |= {
        "savedmodel": ("tensorflow-cpu", by_saved_model),
        "tflite": ("tensorflow-cpu", by_tflite),
        "onnx": ("onnxruntime", by_onnx),
    }
names = {"keras": "Keras", "tensorflow-cpu": "TensorFlow", "onnxruntime": "ONNX Runtime"}
answers = []
for export in request["exports"]:
    if export["format"] not in loaders:
        continue
    package, load = loaders[export["format"]]
    said = {"format": export["format"], "runtime": f"{names[package]} {importlib.metadata.version(package)}"}
    try:
        ask = load(export["directory"])
        rows = [np.asarray(ask(image[None])).ravel().tolist() for image in images]
        answers.append({**said, "values": sum(rows, [])})
    except Exception as error:
        answers.append({**said, "error": f"{type(error).__name__}: {error}"[:300]})
print()
print(json.dumps(answers))
