import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { layerWeightsSchema } from '../../../shared/ipc/model/layers.ts';
import { createRandom } from '../network/index.ts';
import { inspectLayer } from '../operations/model/inspectLayer.ts';
import { judgeMissing, runJudge } from '../testing/judge.ts';
import { weightStatistics } from './weightStatistics.ts';

it.skipIf(judgeMissing !== null)('are NumPy’s, in its bins, whatever the values', async () => {
  const random = createRandom(7, 'weights');
  const normal = Float32Array.from({ length: 5_000 }, () => random.normal() * 0.3 + 0.1);
  const stepped = Float32Array.from({ length: 1_000 }, (_, index) => (index % 33) / 32);
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-statistics-'));
  for (const [name, values] of Object.entries({
    normal,
    stepped,
    equal: new Float32Array(10).fill(0.25),
    broken: Float32Array.from([NaN, 1, 0, 0, Infinity, 3]),
  })) {
    const file = path.join(folder, name);
    await writeFile(file, values);
    const judged = JSON.parse(await runJudge('weight_statistics.py', [file, '32'])) as Record<
      string,
      unknown
    >;
    const ours = weightStatistics('kernel', [values.length], values);
    expect(ours).toMatchObject({ min: judged['min'], max: judged['max'], zeros: judged['zeros'] });
    expect(ours.mean).toBeCloseTo(judged['mean'] as number, 10);
    expect(ours.std).toBeCloseTo(judged['std'] as number, 10);
    expect(ours.histogram).toEqual({ from: judged['from'], to: judged['to'], counts: judged['counts'] });
  }
});

it('have nothing to say of a weight without a finite value', () => {
  const { histogram, notFinite, min } = weightStatistics('bias', [2], Float32Array.from([NaN, Infinity]));
  expect([histogram, notFinite, min]).toEqual([null, 2, NaN]);
});

it('are told of a model’s layer, and an unknown layer is answered with the nearest', async () => {
  const told = await inspectLayer('thaw-mobilenet-v2-035-128', 'block_16_expand_BN');
  if (!told.ok) throw new Error(told.error.message);
  expect(layerWeightsSchema.parse(told.value)).toEqual(told.value);
  expect(told.value.weights.map(({ name, isTrainable }) => [name, isTrainable])).toEqual([
    ['gamma', true],
    ['beta', true],
    ['moving_mean', false],
    ['moving_variance', false],
  ]);
  expect(told.value.weights[3]!.min).toBeGreaterThan(0);
  const missing = await inspectLayer('thaw-mobilenet-v2-035-128', 'block_16_expandd');
  expect(missing.ok ? null : missing.error).toMatchObject({
    code: 'usage',
    remedy: expect.stringContaining('"block_16_expand"') as string,
  });
});
