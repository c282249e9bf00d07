import { copyFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LayerChange } from '../../../../shared/domain/layerChanges.ts';
import { heatOf, relativeChange } from '../../../../shared/domain/layerChanges.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import { operations } from '../index.ts';

it.skipIf(judgeMissing !== null)('tells after each epoch how far layers went, as NumPy does', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-changes-'));
  const settings = {
    ...defaultTrainSettings,
    dataset: await makeColourDataset(14),
    epochs: 2,
    earlyStop: 0,
    imageSize: 64,
    thawFrom: 'block_16',
    layerRates: { block_16: 0.1 },
  };
  const checkpoint = (run: string) => path.join(place, run, 'checkpoints', 'last.safetensors');
  // With a rate this small no weight moves: its checkpoint is what the other run begins with.
  const still = { ...settings, epochs: 1, learningRate: 1e-30 };
  expect((await operations.train(still, path.join(place, 'still'), quietContext())).ok).toBe(true);
  const told: (readonly LayerChange[])[] = [];
  const trained = await operations.train(settings, path.join(place, 'run'), {
    ...quietContext(),
    emit(event) {
      if (event.type !== 'epoch') return;
      told.push(event.layers ?? []);
      copyFileSync(checkpoint('run'), path.join(place, `epoch-${event.metrics.epoch}.safetensors`));
    },
  });
  expect(trained.ok).toBe(true);
  const files = [
    checkpoint('still'),
    ...[1, 2].map((epoch) => path.join(place, `epoch-${epoch}.safetensors`)),
  ];
  const judged = JSON.parse(await runJudge('layer_changes.py', files)) as Record<
    string,
    Omit<LayerChange, 'layer'>
  >;
  const [first = [], second = []] = told;
  expect(new Set(second.map(({ layer }) => layer))).toEqual(new Set(Object.keys(judged)));
  for (const { layer, ...norms } of second)
    for (const name of ['norm', 'change', 'drift'] as const) {
      const expected = judged[layer]![name];
      expect(Math.abs(norms[name] - expected)).toBeLessThanOrEqual(1e-6 * expected + 1e-12);
    }
  // In the first epoch both begin at the same weights.
  for (const { change, drift } of first) expect(change).toBe(drift);
  // A tenth of the rate goes a shorter way.
  const share = (layers: readonly LayerChange[], prefix: string) =>
    relativeChange(layers.filter(({ layer }) => layer.startsWith(prefix)))!.change;
  expect(share(first, 'block_16')).toBeLessThan(share(first, 'Conv_1'));

  const read = await operations.readRun(path.join(place, 'run'));
  expect(read.ok && read.value.layers).toEqual(second);
});

it('puts the changes of a block together as one, and tells heat in decades', () => {
  const layers = [
    { layer: 'a', norm: 3, change: 0.3, drift: 0.6 },
    { layer: 'b', norm: 4, change: 0.4, drift: 0 },
  ];
  const whole = relativeChange(layers)!;
  expect(whole.change).toBeCloseTo(0.5 / 5, 12);
  expect(whole.drift).toBeCloseTo(0.6 / 5, 12);
  expect(relativeChange([])).toBeNull();
  expect(relativeChange([{ layer: 'new', norm: 0, change: 0, drift: 0 }])).toEqual({ change: 0, drift: 0 });
  expect(heatOf(0.01, 0.01)).toBe(1);
  expect(heatOf(0.001, 0.01)).toBeCloseTo(2 / 3, 12);
  expect(heatOf(1e-9, 0.01)).toBe(0);
  expect(heatOf(NaN, 0.01)).toBe(0);
});
