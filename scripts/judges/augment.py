"""Prints the largest difference between our augmented pixels and Pillow's, for each request.

usage: augment.py REQUESTS.json   ([{"image": RAW, "width", "height", "operation": {...} or "affine": [...], "ours": RAW}])
"""
import json
import sys

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

ENHANCERS = {
    "brightness": ImageEnhance.Brightness,
    "contrast": ImageEnhance.Contrast,
    "saturation": ImageEnhance.Color,
    "sharpness": ImageEnhance.Sharpness,
}


def apply(image, operation):
    name = operation["op"]
    if name in ENHANCERS:
        return ENHANCERS[name](image).enhance(operation["factor"])
    if name == "posterize":
        return ImageOps.posterize(image, operation["bits"])
    if name == "solarize":
        return ImageOps.solarize(image, operation["threshold"])
    if name == "autocontrast":
        return ImageOps.autocontrast(image)
    return ImageOps.equalize(image)


def warp(image, affine, size):
    """Pillow's transform runs over pixels from the corner; ours from -1 to 1 over each side."""
    a, b, c, d, e, f = affine
    (w, h), (tw, th) = image.size, size
    data = (a * w / tw, b * w / th, (c + 1 - a - b) * w / 2, d * h / tw, e * h / th, (f + 1 - d - e) * h / 2)
    return image.transform(size, Image.AFFINE, data, Image.BILINEAR)


differences = []
for request in json.load(open(sys.argv[1])):
    shape = (request["height"], request["width"], 3)
    image = Image.fromarray(np.fromfile(request["image"], np.uint8).reshape(shape))
    if "affine" in request:
        size = (request["toWidth"], request["toHeight"])
        theirs = np.asarray(warp(image, request["affine"], size))
        ours = np.fromfile(request["ours"], np.uint8).reshape(size[1], size[0], 3)
    else:
        theirs = np.asarray(apply(image, request["operation"]))
        ours = np.fromfile(request["ours"], np.uint8).reshape(shape)
    differences.append(int(np.abs(ours.astype(int) - theirs.astype(int)).max()))
print(json.dumps(differences))
