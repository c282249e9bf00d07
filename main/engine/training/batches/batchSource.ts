import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../runtime/tf.ts';
import { split } from '../features/frozen/rows.ts';

/** One frontier layer and the shape of its output for one image. */
export interface FrontierOutput {
  readonly layer: string;
  readonly shape: readonly number[];
}

/** The values of some images at the frontier. */
export interface RawBatch {
  /** Which images, by their position in the source. */
  readonly positions: readonly number[];
  /** [positions × valuesPerImage]: for each image the frontier layers' values one after the other. */
  readonly values: Float32Array;
}

/** The images of one side as the trained part sees them. */
export interface BatchSource {
  readonly frontier: readonly FrontierOutput[];
  /** The class of each image, by position. */
  readonly labels: Int32Array;
  /** How much each image counts in the loss, by position; null: all alike. */
  readonly weights: Float32Array | null;
  /**
   * The images at `order`'s positions in runs of `size`; the last one may be shorter, and so is one with an image that
   * cannot be decoded any more. `epoch`, from 1, decides random variations.
   */
  read(order: readonly number[], size: number, epoch: number): AsyncIterable<RawBatch>;
}

/** The values of a batch as tensors [batch, ...] by frontier layer. The caller disposes them. */
export function toFeeds(
  tf: Tf,
  frontier: readonly FrontierOutput[],
  values: Float32Array,
  count: number,
): ReadonlyMap<string, Tensor> {
  const parts = split(values, count, frontier);
  return new Map(
    frontier.map(({ layer, shape }, index) => [
      layer,
      tf.tensor(parts[index] ?? values, [count, ...shape], 'float32'),
    ]),
  );
}

/** Positions 0…count−1 (or the given order of them) in runs of `size`; the last one may be shorter. */
export function* batchesOf(order: readonly number[], size: number): Generator<readonly number[]> {
  for (let start = 0; start < order.length; start += size) yield order.slice(start, start + size);
}

/** [positions × classes], a 1 at each image's class. */
export function oneHot(labels: Int32Array, positions: readonly number[], classes: number): Float32Array {
  const targets = new Float32Array(positions.length * classes);
  for (const [row, position] of positions.entries()) targets[row * classes + (labels[position] ?? 0)] = 1;
  return targets;
}
