import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../network/index.ts';

export const colourClasses = ['blue', 'green', 'red'] as const;

/** A folder of small noisy images, a class for each colour: easy to learn, different from image to image. */
export async function makeColourDataset(perClass: number, seed = 1): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'thaw-colours-'));
  const random = createRandom(seed, 'colours');
  for (const [channel, name] of [...colourClasses].reverse().entries()) {
    await mkdir(path.join(root, name));
    for (let index = 0; index < perClass; index += 1) {
      const pixels = Buffer.from(
        Array.from({ length: 48 * 40 * 3 }, (_, at) =>
          Math.min(
            255,
            Math.floor(random.uniform(0, 150) + (at % 3 === channel ? random.uniform(20, 90) : 0)),
          ),
        ),
      );
      const image = sharp(pixels, { raw: { width: 48, height: 40, channels: 3 } });
      await image.jpeg().toFile(path.join(root, name, `${name}-${index}.jpg`));
    }
  }
  return root;
}
