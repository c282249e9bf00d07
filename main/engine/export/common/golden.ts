import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import writeFileAtomic from 'write-file-atomic';
import type { Sample } from '../exporter.ts';

/**
 * Writes `golden/`: images as PNG at input size, and `golden.json` with the studio's probabilities for them. Whoever
 * loads the model elsewhere can see from them that it answers as it should.
 * @param probabilities [images × classes].
 */
export async function writeGolden(
  folder: string,
  samples: readonly Sample[],
  probabilities: Float32Array,
  imageSize: number,
): Promise<void> {
  const golden = path.join(folder, 'golden');
  await mkdir(golden);
  const classes = probabilities.length / samples.length;
  for (const [index, { pixels }] of samples.entries()) {
    const image = sharp(pixels, { raw: { width: imageSize, height: imageSize, channels: 3 } });
    await writeFileAtomic(path.join(golden, `${index}.png`), await image.png().toBuffer());
  }
  const rows = samples.map(({ source, label }, index) => ({
    image: `${index}.png`,
    probabilities: [...probabilities.subarray(index * classes, (index + 1) * classes)],
    source,
    label,
  }));
  await writeFileAtomic(path.join(golden, 'golden.json'), `${JSON.stringify(rows, null, 2)}\n`);
}
