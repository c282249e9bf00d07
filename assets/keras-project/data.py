"""The images of this training: the same ones, on the same side of the split, resized as in the studio."""
import json
import zlib
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
CONFIG = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
SPLIT = json.loads((HERE / "split.json").read_text(encoding="utf-8"))
CLASSES = CONFIG["classes"]
SIZE = CONFIG["imageSize"]


def load(path):
    """[size, size, 3] uint8, RGB."""
    image = ImageOps.exif_transpose(Image.open(path))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    image = image.convert("RGB")
    if CONFIG["resize"] == "crop":
        scale = SIZE / min(image.size)
        width, height = (min(round(SIZE / scale), side) for side in image.size)
        left, top = (image.width - width) // 2, (image.height - height) // 2
        image = image.crop((left, top, left + width, top + height))
    if CONFIG["resize"] == "pad":
        scale = SIZE / max(image.size)
        size = tuple(max(1, min(round(side * scale), SIZE)) for side in image.size)
        small = image.resize(size, Image.Resampling.BILINEAR)
        image = Image.new("RGB", (SIZE, SIZE))
        image.paste(small, ((SIZE - size[0]) // 2, (SIZE - size[1]) // 2))
    return np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))


def check(folder, side):
    """The images of a side; an image that is not there ends the program with its name."""
    rows = SPLIT[side]
    missing = [row["path"] for row in rows if not (Path(folder) / row["path"]).is_file()]
    if missing:
        raise SystemExit(f"{len(missing)} images of the split are not in {folder}, the first is {missing[0]}")
    return rows


def batches(folder, side, batch_size, worker=0, workers=1):
    """(images, labels) in batches. Of every batch each worker takes its own part, so that together they see it all."""
    rows = check(folder, side)
    paths = [str(Path(folder) / row["path"]) for row in rows]
    labels = [CLASSES.index(row["label"]) for row in rows]

    def pixels(path, label):
        image = tf.numpy_function(lambda name: load(name.decode()), [path], tf.uint8)
        return tf.ensure_shape(image, [SIZE, SIZE, 3]), label

    data = tf.data.Dataset.from_tensor_slices((paths, labels))
    data = data.map(pixels, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if side == "train":
        # The same seed on every machine: all of them shuffle alike.
        data = data.shuffle(len(rows), seed=CONFIG["seed"] + zlib.crc32(side.encode()) % 1000)
    data = data.batch(batch_size)

    def part(images, targets):
        count = tf.shape(images)[0]
        start, end = worker * count // workers, (worker + 1) * count // workers
        return tf.cast(images[start:end], tf.float32), targets[start:end]

    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return data.map(part).prefetch(tf.data.AUTOTUNE).with_options(options)
