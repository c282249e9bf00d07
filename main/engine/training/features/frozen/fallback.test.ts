import { describe, expect, it } from 'vitest';
import { thawError } from '../../../../../shared/errors.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { batchedRuns } from './batchedRuns.ts';
import type { Batched } from './batchedRuns.ts';
import type { FrozenLayers } from './frozenLayers.ts';
import { withFallback } from './openFrozenLayers.ts';

/** Doubles values, two an image, where at most so many images fit into memory; keeps account of its batches. */
function doubling(fits: number, most = 16): Batched & { ran: number[]; halved: number[] } {
  const compiled = new Set<number>();
  const ran: number[] = [];
  const halved: number[] = [];
  return {
    ...{ ran, halved, most, given: [2], wanted: [2] },
    sizes: () => [...compiled].sort((a, b) => a - b),
    run([values], size) {
      compiled.add(size);
      ran.push(size);
      if (size > fits)
        return Promise.reject(new Error('OOM when allocating tensor with shape[16,112,112,32]'));
      expect(values).toHaveLength(2 * size);
      return Promise.resolve([Float32Array.from(values!, (value) => value * 2)]);
    },
    onHalved: (size) => halved.push(size),
  };
}

const counted = (images: number): Float32Array =>
  Float32Array.from({ length: 2 * images }, (_, at) => at + 1);
const doubled = (values: Float32Array): Float32Array => values.map((value) => value * 2);

describe('runs in batches', () => {
  it('take few sizes, and give as many rows as they were given', async () => {
    const batched = doubling(Infinity);
    const runs = batchedRuns(batched);
    for (const images of [16, 37, 9, 5, 3, 1])
      expect(await runs.run([counted(images)], images)).toEqual([doubled(counted(images))]);
    expect(batched.ran).toEqual([16, 16, 16, 8, 16, 8, 4, 1]);
  });

  it('are halved when memory is short, once for all', async () => {
    const batched = doubling(5);
    const runs = batchedRuns(batched);
    expect(await runs.run([counted(18)], 18)).toEqual([doubled(counted(18))]);
    expect(batched.halved).toEqual([8, 4]);
    expect(await runs.run([counted(6)], 6)).toEqual([doubled(counted(6))]);
    expect(batched.ran).toEqual([16, 8, 4, 4, 4, 4, 4, 4, 4]);
  });

  it('fail when a single image is too much, and the next one is tried again', async () => {
    const batched = doubling(0, 2);
    const runs = batchedRuns(batched);
    const both = [runs.run([counted(2)], 2), runs.run([counted(1)], 1)];
    for (const run of both) await expect(run).rejects.toThrow('OOM');
    await runs.settled();
    expect(batched.ran).toEqual([2, 1, 1]);
  });
});

/** Layers that fail from their second run on. */
function failing(): FrozenLayers & { disposed: number } {
  let runs = 0;
  return {
    ...{ provider: 'tensorflow gpu', device: 'gpu', lanes: 1, batchSize: 4, disposed: 0 },
    run() {
      runs += 1;
      return runs > 1
        ? Promise.reject(new Error('CUDA died\nwith a long story'))
        : Promise.resolve([counted(1)]);
    },
    dispose() {
      this.disposed += 1;
      return Promise.resolve();
    },
  };
}

describe('frozen layers that fail', () => {
  it('go on in the other runtime, with the reason told once and the provider true', async () => {
    const first = failing();
    let opened = 0;
    const other = { ...failing(), provider: 'onnxruntime cpu', run: () => Promise.resolve([counted(2)]) };
    const notices: string[] = [];
    const layers = withFallback(
      first,
      () => {
        opened += 1;
        return Promise.resolve(ok(other));
      },
      (message) => notices.push(message),
    );
    expect(await layers.run([counted(1)], 1)).toEqual([counted(1)]);
    expect(layers.provider).toBe('tensorflow gpu');
    const given = await Promise.all([layers.run([counted(1)], 1), layers.run([counted(1)], 1)]);
    expect(given).toEqual([[counted(2)], [counted(2)]]);
    expect(layers.provider).toBe('onnxruntime cpu');
    expect(await layers.run([counted(1)], 1)).toEqual([counted(2)]);
    expect([opened, first.disposed]).toEqual([1, 1]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/ONNX Runtime.*CUDA died$/);
    await layers.dispose();
    expect(first.disposed).toBe(1);
  });

  it('say why the other runtime cannot have them either', async () => {
    const refusal = thawError('engine-unsupported', 'Layer "x" cannot be written to ONNX.');
    const layers = withFallback(
      failing(),
      () => Promise.resolve(err(refusal)),
      () => undefined,
    );
    await layers.run([counted(1)], 1);
    await expect(layers.run([counted(1)], 1)).rejects.toMatchObject({ thaw: refusal });
  });
});
