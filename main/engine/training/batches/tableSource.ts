import type { FeatureTable } from '../features/featureTable.ts';
import type { BatchSource, FrontierOutput } from './batchSource.ts';
import { batchesOf } from './batchSource.ts';

/** Images by content hash, with the index of each one's class. */
export interface LabelledImages {
  readonly ids: readonly string[];
  readonly labels: Int32Array;
  readonly weights: Float32Array | null;
}

/** Reads batches from features that are kept. @param tableOf the table of an epoch. */
export function tableSource(
  frontier: readonly FrontierOutput[],
  { ids, labels, weights }: LabelledImages,
  tableOf: (epoch: number) => Promise<Pick<FeatureTable, 'valuesPerImage' | 'has' | 'read'>>,
): BatchSource {
  return {
    frontier,
    labels,
    weights,
    async *read(order, size, epoch) {
      const table = await tableOf(epoch);
      for (const all of batchesOf(order, size)) {
        const positions = all.filter((position) => table.has(ids[position] ?? ''));
        const values = new Float32Array(positions.length * table.valuesPerImage);
        await table.read(
          positions.map((position) => ids[position] ?? ''),
          values,
        );
        if (positions.length > 0) yield { positions, values };
      }
    },
  };
}
