import os from 'node:os';
import type { ThawError } from '../../../../shared/errors.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { FeatureCache } from './featureCache.ts';

/** The features of a set of images, by content hash. */
export interface FeatureTable {
  readonly valuesPerImage: number;
  /** False for an image that failed. */
  has(id: string): boolean;
  /** Reads the features of images into [ids × valuesPerImage]. */
  read(ids: readonly string[], into: Float32Array): Promise<void>;
  readonly failed: readonly { readonly path: string; readonly error: ThawError }[];
  /** Images whose features were there already. */
  readonly fromCache: number;
  /** Images whose features were computed from those of an earlier cut. */
  readonly fromEarlier: number;
  close(): Promise<void>;
}

type Outcome = Pick<FeatureTable, 'failed' | 'fromCache' | 'fromEarlier'>;

/** Features are held in memory up to this, encoded. */
export function memoryBudget(): number {
  return Math.min(2 ** 30, os.freemem() / 4);
}

/** A table over the images of a cache: in memory where they fit, else read from disk as they are wanted. */
export async function tableOver(
  cache: FeatureCache,
  ids: readonly string[],
  outcome: Outcome,
  memoryBytes: number = memoryBudget(),
): Promise<FeatureTable> {
  const { valuesPerImage, rowBytes, codec } = cache;
  const common = { valuesPerImage, ...outcome, close: () => cache.close() };
  const here = new Set(ids.filter((id) => cache.rowOf(id) !== undefined));
  if (here.size * rowBytes > memoryBytes) {
    const row = new Uint8Array(rowBytes);
    return {
      ...common,
      has: (id) => here.has(id),
      async read(wanted, into) {
        for (const [index, id] of wanted.entries()) {
          if (!(await cache.readRow(id, row))) throw damaged();
          codec.decode(row, into.subarray(index * valuesPerImage, (index + 1) * valuesPerImage));
        }
      },
    };
  }
  const rows = new Uint8Array(here.size * rowBytes);
  const rowOf = new Map<string, number>();
  for (const id of here) {
    const at = rowOf.size;
    if (!(await cache.readRow(id, rows.subarray(at * rowBytes, (at + 1) * rowBytes)))) throw damaged();
    rowOf.set(id, at);
  }
  return {
    ...common,
    has: (id) => rowOf.has(id),
    read(wanted, into) {
      for (const [index, id] of wanted.entries()) {
        const at = rowOf.get(id) ?? 0;
        codec.decode(
          rows.subarray(at * rowBytes, (at + 1) * rowBytes),
          into.subarray(index * valuesPerImage, (index + 1) * valuesPerImage),
        );
      }
      return Promise.resolve();
    },
  };
}

/** Damage is looked for before training; found during it, the disk changed under the run. */
function damaged(): ThawFailure {
  return new ThawFailure(
    thawError('input-corrupt', 'Cached features changed on disk while they were in use.', {
      remedy: 'Resume the run: what is damaged is computed again. If it happens again, check the disk.',
    }),
  );
}
