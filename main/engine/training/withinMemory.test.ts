import { beforeAll, describe, expect, it } from 'vitest';
import { isOutOfMemory } from '../runtime/outOfMemory.ts';
import { loadTensorFlow } from '../runtime/tensorflow.ts';
import type { Tf } from '../runtime/tf.ts';
import type { Batch } from './trainer.ts';
import { stepWithinMemory } from './withinMemory.ts';

let tf: Tf;
/** What TensorFlow throws, after trying for ten seconds, when asked for an exabyte. */
let exhausted: unknown;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
  try {
    tf.tile(tf.zeros([1, 1]), [2 ** 29, 2 ** 29]);
  } catch (cause) {
    exhausted = cause;
  }
});

/** A trainer with memory for so many images, that runs out of it as TensorFlow does. */
function trainerFor(room: number) {
  const seen: number[][] = [];
  return {
    seen,
    largestBatch: Infinity,
    step({ feeds, targets, weights }: Batch) {
      const images = [...feeds.get('input')!.dataSync()];
      if (images.length > room) throw exhausted;
      expect(targets.length).toBe(images.length * 2);
      expect([...weights!]).toEqual(images);
      seen.push(images);
      return Promise.resolve({
        loss: images.reduce((a, b) => a + b) / images.length,
        correct: images.length,
      });
    },
  };
}

const frontier = [{ layer: 'input', shape: [1] }];
const batch = (...values: number[]) => ({
  count: values.length,
  values: Float32Array.from(values),
  targets: new Float32Array(values.length * 2),
  weights: Float32Array.from(values),
});
const settings = () => ({ learningRate: 1, seed: 0 });

describe('a batch that does not fit into memory', () => {
  it('is known by what TensorFlow says', () => {
    expect(isOutOfMemory(exhausted)).toBe(true);
    expect(isOutOfMemory(new Error('Invalid argument'))).toBe(false);
  });

  it('is halved, and stays halved, and every image is trained on once', async () => {
    const trainer = trainerFor(2);
    const halved: number[] = [];
    const before = tf.memory().numTensors;
    const run = (...values: number[]) =>
      stepWithinMemory(tf, trainer, frontier, batch(...values), settings, (size) => halved.push(size));
    expect(await run(1, 2, 3, 4, 5)).toEqual({ loss: 3, correct: 5 });
    expect(await run(6, 7, 8)).toEqual({ loss: 7, correct: 3 });
    expect(trainer.seen).toEqual([[1, 2], [3, 4], [5], [6, 7], [8]]);
    expect(halved).toEqual([3, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('fails with what to do when a single image does not fit', async () => {
    const run = stepWithinMemory(tf, trainerFor(0), frontier, batch(1, 2), settings, () => undefined);
    await expect(run).rejects.toMatchObject({ thaw: { code: 'engine-unsupported' } });
  });
});
