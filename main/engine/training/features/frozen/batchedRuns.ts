import { setImmediate } from 'node:timers/promises';
import { isOutOfMemory } from '../../../runtime/outOfMemory.ts';

type Values = Uint8Array | Float32Array;

/** A function that is compiled for one batch size at a time. */
export interface Batched {
  /** Values an image of each thing given, and of each wanted. */
  readonly given: readonly number[];
  readonly wanted: readonly number[];
  /** Images of the largest batch. */
  readonly most: number;
  /** Batch sizes it is compiled for so far, ascending. */
  sizes(): readonly number[];
  /** Runs it on a whole batch. */
  run(given: readonly Values[], size: number): Promise<readonly Float32Array[]>;
  /** Told the new size when a batch did not fit into memory. */
  onHalved(size: number): void;
}

/**
 * Runs such a function on any number of images, one run after the other. It is compiled for powers of two only, so that
 * few graphs are made, and at most half of one is padding, whose values are dropped. A batch that does not fit into
 * memory is halved, and so are those after it; what fails on a single image is thrown.
 */
export function batchedRuns(batched: Batched): {
  run(given: readonly Values[], count: number): Promise<Float32Array[]>;
  /** Resolves when no run is under way. */
  settled(): Promise<void>;
} {
  let most = batched.most;
  let last: Promise<unknown> = Promise.resolve();

  const runAll = async (given: readonly Values[], count: number): Promise<Float32Array[]> => {
    const outputs = batched.wanted.map((each) => new Float32Array(count * each));
    for (let done = 0; done < count;) {
      // The session computes on this thread, which has images to hand out and jobs to answer in between.
      await setImmediate();
      const rows = Math.min(most, count - done);
      const size = sizeFor(rows, most, batched.sizes());
      try {
        const values = await batched.run(
          given.map((all, index) => rowsOf(all, batched.given[index] ?? 0, done, rows, size)),
          size,
        );
        for (const [index, each] of batched.wanted.entries())
          outputs[index]?.set(values[index]?.subarray(0, rows * each) ?? [], done * each);
        done += rows;
      } catch (cause) {
        if (!isOutOfMemory(cause) || size === 1) throw cause;
        most = size / 2;
        batched.onHalved(most);
      }
    }
    return outputs;
  };

  return {
    run(given, count) {
      const own = last.then(() => runAll(given, count));
      last = own.catch(() => undefined);
      return own;
    },
    async settled() {
      await last;
    },
  };
}

/** The batch to run so many rows in: one that is compiled already, unless more than half of it were padding. */
function sizeFor(rows: number, most: number, compiled: readonly number[]): number {
  const known = compiled.find((size) => size >= rows && size <= Math.min(most, 2 * rows));
  return known ?? 2 ** Math.ceil(Math.log2(rows));
}

/** Some rows, filled up with zeros. */
function rowsOf(all: Values, each: number, first: number, rows: number, size: number): Values {
  const own = all.subarray(first * each, (first + rows) * each);
  if (rows === size) return own;
  const padded = own instanceof Uint8Array ? new Uint8Array(size * each) : new Float32Array(size * each);
  padded.set(own);
  return padded;
}
