import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { sizeOf } from '../network/index.ts';
import type { Tf } from '../runtime/tf.ts';
import type { FeatureTable } from './features/extractFeatures.ts';
import type { Batch } from './trainer.ts';

/** One frontier layer and the shape of its output for one image. */
export interface FrontierOutput {
  readonly layer: string;
  readonly shape: readonly number[];
}

/** Images as the trained part sees them: rows of a feature table with the index of each one's class. */
export interface LabelledFeatures {
  readonly table: Pick<FeatureTable, 'valuesPerImage' | 'read'>;
  readonly frontier: readonly FrontierOutput[];
  readonly rows: readonly number[];
  readonly labels: Int32Array;
}

/** Builds the batch of the images at `positions`. The caller disposes its feeds. */
export async function readBatch(
  tf: Tf,
  features: LabelledFeatures,
  positions: readonly number[],
): Promise<Batch> {
  const { table, frontier } = features;
  const values = new Float32Array(positions.length * table.valuesPerImage);
  await table.read(
    positions.map((position) => features.rows[position] ?? 0),
    values,
  );
  const feeds = new Map<string, Tensor>();
  let offset = 0;
  for (const { layer, shape } of frontier) {
    const size = sizeOf(shape);
    const own =
      frontier.length === 1 ? values : column(values, table.valuesPerImage, offset, size, positions.length);
    feeds.set(layer, tf.tensor(own, [positions.length, ...shape], 'float32'));
    offset += size;
  }
  return { feeds, labels: Int32Array.from(positions, (position) => features.labels[position] ?? 0) };
}

/** Positions 0…count−1 (or the given order of them) in runs of `size`; the last one may be shorter. */
export function* batchesOf(order: readonly number[], size: number): Generator<readonly number[]> {
  for (let start = 0; start < order.length; start += size) yield order.slice(start, start + size);
}

function column(
  values: Float32Array,
  stride: number,
  offset: number,
  size: number,
  count: number,
): Float32Array {
  const own = new Float32Array(count * size);
  for (let row = 0; row < count; row += 1) {
    const start = row * stride + offset;
    own.set(values.subarray(start, start + size), row * size);
  }
  return own;
}
