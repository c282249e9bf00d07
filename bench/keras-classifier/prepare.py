"""Decodes a folder of class folders with Pillow: prepare.py DATASET OUT_FOLDER.

Takes the images of the commonest size (others are left out), so that nothing is resized, in the order of their paths;
every fifth is held out. Writes data.npz, the pixels of the images held out as OUT_FOLDER/pixels/CLASS/*.png and the
files themselves as OUT_FOLDER/files/CLASS/*.
"""
import os
import shutil
import sys

import numpy as np
from PIL import Image

dataset, out = sys.argv[1:3]
classes = sorted(os.listdir(dataset))
files = sorted(
    (os.path.join(dataset, name, file), index)
    for index, name in enumerate(classes)
    for file in os.listdir(os.path.join(dataset, name))
)
sizes = [Image.open(file).size for file, _ in files]
usual = max(set(sizes), key=sizes.count)
files = [file for file, size in zip(files, sizes) if size == usual]
images = np.stack([np.asarray(Image.open(file).convert("RGB")) for file, _ in files])
held_out = np.arange(len(files)) % 5 == 0
np.savez(os.path.join(out, "data.npz"), images=images, labels=[label for _, label in files], held_out=held_out)
for index in np.flatnonzero(held_out):
    file, label = files[index]
    for kind in ("pixels", "files"):
        os.makedirs(os.path.join(out, kind, classes[label]), exist_ok=True)
    stem = os.path.splitext(os.path.basename(file))[0]
    Image.fromarray(images[index]).save(os.path.join(out, "pixels", classes[label], f"{stem}.png"))
    shutil.copyfile(file, os.path.join(out, "files", classes[label], os.path.basename(file)))
