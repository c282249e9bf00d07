"""Draws the bundled sample: emoji of a few classes on varied backgrounds, as JPEG files in class folders.

Usage: make_sample.py NotoColorEmoji.ttf OUT_FOLDER   (needs Pillow; the same files for the same font and Pillow)
"""
import os
import random
import sys

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIDE = 128
PER_CLASS = 80
QUALITY = 80
CLASSES = {
    "bird": "🐦🐤🐧🦆🦜🐥",
    "car": "🚗🚙🚕🚓🏎🚌",
    "cat": "🐱😺😸🐈😻😽",
    "dog": "🐶🐕🦮🐩🐶🐺",
    "flower": "🌸🌼🌻🌺🌷🌹",
    "fruit": "🍎🍏🍊🍐🍑🍅",
}


def glyph(font, character):
    image = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((80, 80), character, font=font, anchor="mm", embedded_color=True)
    return image.crop(image.getbbox())


def colour(rng, low=30, high=235):
    return tuple(rng.randint(low, high) for _ in range(3))


def background(rng):
    """A gradient between two colours at a random angle, with a few soft shapes and grain."""
    one, other = Image.new("RGB", (SIDE * 2, SIDE * 2), colour(rng)), Image.new("RGB", (SIDE * 2, SIDE * 2), colour(rng))
    mask = Image.linear_gradient("L").resize((SIDE * 2, SIDE * 2)).rotate(rng.uniform(0, 360), Image.BILINEAR)
    image = Image.composite(one, other, mask).crop((SIDE // 2, SIDE // 2, SIDE // 2 + SIDE, SIDE // 2 + SIDE))
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(rng.randint(2, 6)):
        x, y, size = rng.randint(-20, SIDE), rng.randint(-20, SIDE), rng.randint(10, 60)
        box = (x, y, x + size, y + rng.randint(10, 60))
        shape = rng.choice((draw.ellipse, draw.rectangle))
        shape(box, fill=colour(rng) + (rng.randint(40, 160),))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2.5)))
    grain = Image.frombytes("L", (SIDE, SIDE), rng.randbytes(SIDE * SIDE)).convert("RGB")
    return Image.blend(image, grain, rng.uniform(0, 0.12))


def draw_one(rng, font, character):
    emoji = glyph(font, character)
    if rng.random() < 0.5:
        emoji = emoji.transpose(Image.FLIP_LEFT_RIGHT)
    scale = rng.uniform(0.65, 1.0) * SIDE / max(emoji.size)
    emoji = emoji.resize([max(1, round(length * scale)) for length in emoji.size], Image.LANCZOS)
    emoji = emoji.rotate(rng.gauss(0, 10), Image.BICUBIC, expand=True)
    alpha = emoji.getchannel("A")
    hue = emoji.convert("RGB").convert("HSV")
    h, s, v = hue.split()
    turned = h.point(lambda value, by=rng.randint(-10, 10): (value + by) % 256)
    rgb = Image.merge("HSV", (turned, s, v)).convert("RGB")
    rgb = ImageEnhance.Color(rgb).enhance(rng.uniform(0.5, 1.2))
    rgb = ImageEnhance.Brightness(rgb).enhance(rng.uniform(0.7, 1.15))
    image = background(rng)
    spare = [SIDE - length for length in emoji.size]
    place = tuple(rng.randint(min(-6, room), max(6, room)) for room in spare)
    image.paste(rgb, place, alpha)
    return image


def main():
    font_file, out = sys.argv[1:3]
    font = ImageFont.truetype(font_file, 109)
    for name, characters in CLASSES.items():
        os.makedirs(os.path.join(out, name), exist_ok=True)
        for index in range(PER_CLASS):
            rng = random.Random(f"{name} {index}")
            image = draw_one(rng, font, characters[index % len(characters)])
            image.save(os.path.join(out, name, f"{name}-{index + 1:02d}.jpg"), quality=QUALITY, optimize=True)


main()
