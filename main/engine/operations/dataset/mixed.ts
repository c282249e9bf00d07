import type { Mixing } from '../../training/batches/mixing.ts';
import { mixBatch, mixerOf } from '../../training/batches/mixing.ts';

/** An image of a training step after mixing. */
export interface MixedImage {
  /** `[height, width, 3]`, rounded to 8 bits: the step itself is given them unrounded. */
  readonly pixels: Uint8Array;
  /** The place of the image it was mixed with; null when it was mixed with itself, or not at all. */
  readonly other: number | null;
  /** How much of it, and of its class, is its own. */
  readonly share: number;
}

/**
 * The images of an epoch's first step as a training that takes pixels mixes them, in this order.
 * @param images pixels `[height, width, 3]` of each. @param epoch from 1.
 */
export function mixPixels(
  images: readonly Uint8Array[],
  { width, height }: { readonly width: number; readonly height: number },
  mixing: Mixing,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): MixedImage[] {
  const count = images.length;
  const stride = width * height * 3;
  const values = new Float32Array(count * stride);
  // Each image a class of its own: the mixed targets then tell what it was mixed with, and how much.
  const targets = new Float32Array(count * count);
  for (const [row, pixels] of images.entries()) {
    values.set(pixels, row * stride);
    targets[row * count + row] = 1;
  }
  const frontier = [{ layer: 'input', shape: [height, width, 3] }];
  mixBatch(values, targets, count, frontier, mixing, mixerOf(seed, epoch));
  return images.map((_, row) => {
    const shares = targets.subarray(row * count, (row + 1) * count);
    const other = shares.findIndex((share, place) => place !== row && share > 0);
    return {
      pixels: Uint8Array.from(values.subarray(row * stride, (row + 1) * stride), Math.round),
      other: other < 0 ? null : other,
      share: shares[row] ?? 0,
    };
  });
}
