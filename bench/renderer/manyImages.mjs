import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/** Numbers from 0 to 255 that are the same every time: a linear congruential generator. */
function noise(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
}

/** A picture of its own: 6 × 6 coloured patches, enlarged. */
function picture(number, quality) {
  const next = noise(number * 2_654_435_761 + 1);
  const pixels = Buffer.from(Array.from({ length: 6 * 6 * 3 }, next));
  return sharp(pixels, { raw: { width: 6, height: 6, channels: 3 } })
    .resize(48, 48, { kernel: 'cubic' })
    .jpeg({ quality })
    .toBuffer();
}

/**
 * Makes a folder of small JPEGs in 10 classes, no two alike but as a real folder has them: every 50th is the one before
 * it saved again, every 500th a copy of the one before it, every 1000th cut short.
 */
export async function makeManyImages(folder, count) {
  const classes = 10;
  for (let name = 0; name < classes; name += 1)
    await mkdir(path.join(folder, `class-${name}`), { recursive: true });
  const make = async (image) => {
    const isCopy = image % 500 === 499;
    const isAgain = image % 50 === 49;
    const own = isCopy || isAgain ? image - 1 : image;
    const bytes = await picture(own, isAgain && !isCopy ? 55 : 80);
    const name = `${String(image).padStart(6, '0')}.jpg`;
    // Runs of 50 are of one class, so that what is alike is mostly in one.
    const where = path.join(folder, `class-${Math.floor(image / 50) % classes}`, name);
    await writeFile(where, image % 1000 === 7 ? bytes.subarray(0, bytes.length / 2) : bytes);
  };
  for (let start = 0; start < count; start += 64)
    await Promise.all(Array.from({ length: Math.min(64, count - start) }, (_, index) => make(start + index)));
}
