import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DecodeTarget } from '../../dataset/index.ts';
import { createDecoder, openDataset } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import { createRandom } from '../../network/index.ts';
import type { SplitEntry } from '../../project/run/runFolder.ts';
import type { Sample } from '../exporter.ts';

/** Golden images: one of each class while there are few, so that each class can be looked at. */
export const mostGolden = 8;
/** Validation images an export is checked on, golden images included. */
export const mostSamples = 64;
/** Training images that ranges are measured on. */
export const mostCalibration = 100;

/**
 * Images for checking: first the golden ones, each of another class as far as possible, then others of all classes in
 * turn. The same split gives the same images.
 */
export function chooseSamples(images: readonly SplitEntry[], most: number): SplitEntry[] {
  const byClass = new Map<string, SplitEntry[]>();
  for (const image of images) {
    const own = byClass.get(image.label) ?? [];
    own.push(image);
    byClass.set(image.label, own);
  }
  const chosen: SplitEntry[] = [];
  const longest = Math.max(0, ...[...byClass.values()].map((own) => own.length));
  for (let turn = 0; turn < longest; turn += 1)
    for (const own of byClass.values()) {
      const image = own[turn];
      if (image !== undefined && chosen.length < most) chosen.push(image);
    }
  return chosen;
}

/** Decodes images of a dataset to the model's input; what cannot be decoded is left out. */
export async function decodeSamples(
  location: string,
  images: readonly SplitEntry[],
  target: DecodeTarget,
  context: JobContext,
): Promise<Result<Sample[]>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  const decoder = createDecoder();
  const samples: Sample[] = [];
  try {
    for await (const { index, pixels } of decoder.decode(source.value, images, target, context.signal)) {
      const image = images[index];
      if (image !== undefined && pixels.ok)
        samples.push({ pixels: pixels.value, source: image.path, label: image.label });
      context.emit({ type: 'progress', what: 'reading images', done: index + 1, total: images.length });
    }
  } finally {
    await decoder.close();
    await source.value.close();
  }
  if (samples.length > 0) return ok(samples);
  return err(thawError('input-missing', `No image of ${location} that the run used can be read.`));
}

/** Smooth coloured noise, for checking a model whose images are not at hand. The same on every machine. */
export function madeUpSamples({ width, height }: DecodeTarget, count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(index, 'made-up image');
    const grid = 5;
    const corners = Float32Array.from({ length: grid * grid * 3 }, () => random.uniform(0, 256));
    const pixels = new Uint8Array(width * height * 3);
    for (let at = 0; at < pixels.length; at += 1) {
      const channel = at % 3;
      const x = ((((at - channel) / 3) % width) / width) * (grid - 1);
      const y = (Math.floor((at - channel) / 3 / width) / height) * (grid - 1);
      const corner = (down: number, right: number): number =>
        corners[((Math.floor(y) + down) * grid + Math.floor(x) + right) * 3 + channel] ?? 0;
      const share = x % 1;
      const upper = corner(0, 0) * (1 - share) + corner(0, 1) * share;
      const lower = corner(1, 0) * (1 - share) + corner(1, 1) * share;
      pixels[at] = Math.floor(upper * (1 - (y % 1)) + lower * (y % 1));
    }
    return { pixels, source: null, label: null };
  });
}
