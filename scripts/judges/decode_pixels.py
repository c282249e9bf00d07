"""Prints {"mean": [...]}: for each FILE:RAW pair the mean absolute difference between raw RGB pixels and Pillow's.

usage: decode_pixels.py WIDTH HEIGHT IMAGE RAW [IMAGE RAW ...]
"""
import io
import json
import sys

import numpy as np
from PIL import Image, ImageCms, ImageOps


def reference(path, size):
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode == "CMYK" and profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    elif image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image, dtype=np.float64) / 257).round().astype(np.uint8)).convert("RGB")
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image).convert("RGB")
    return np.asarray(image.convert("RGB").resize(size, Image.BILINEAR), dtype=np.float64)


width, height = int(sys.argv[1]), int(sys.argv[2])
means = []
for path, raw in zip(sys.argv[3::2], sys.argv[4::2]):
    ours = np.fromfile(raw, np.uint8).reshape(height, width, 3)
    means.append(float(np.abs(ours - reference(path, (width, height))).mean()))
print(json.dumps({"mean": means}))
