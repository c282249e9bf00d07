import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { multiplyAddsByLayer } from '../../../../shared/domain/cost/multiplyAdds.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import type { EstimateJob } from '../../../../shared/ipc/model/estimate.ts';
import { planEstimateSchema } from '../../../../shared/ipc/model/estimate.ts';
import { quietContext } from '../../jobs/context.ts';
import { findArchitecture } from '../../network/index.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import { operations } from '../index.ts';
import { estimate } from './estimate.ts';

type Kinds = Readonly<Record<'convolution' | 'depthwise' | 'dense', number>>;

/** Our count of a network with its classifier, by kind of operation. */
function counted(name: string): Kinds {
  const built = findArchitecture(name)!.build({ includeTop: true });
  if (!built.ok) throw new Error(built.error.message);
  const { layers } = built.value;
  const byLayer = multiplyAddsByLayer(layers);
  const shapes = new Map(layers.map((layer) => [layer.name, layer.outputShape]));
  const counts = { convolution: 0, depthwise: 0, dense: 0 };
  for (const layer of layers) {
    const all = byLayer.get(layer.name) ?? 0;
    const [kernel] = layer.weights;
    const isDepthwise = kernel?.name === 'depthwise_kernel';
    // A separable convolution is a depthwise one and a convolution.
    const depthwise = isDepthwise
      ? kernel.shape.reduce((product, length) => product * length, 1) *
        shapes
          .get(layer.name)!
          .slice(0, -1)
          .reduce((product, length) => product * length, 1)
      : 0;
    counts.depthwise += depthwise;
    counts[layer.className === 'Dense' ? 'dense' : 'convolution'] += all - depthwise;
  }
  return counts;
}

function total(name: string): number {
  const { convolution, depthwise, dense } = counted(name);
  return convolution + depthwise + dense;
}

describe('multiply-adds', () => {
  it.skipIf(judgeMissing !== null)('are those of TensorFlow’s profiler', async () => {
    const names = { mobilenetv2: 'MobileNetV2', xception: 'Xception' };
    const judged = JSON.parse(await runJudge('multiply_adds.py', Object.values(names))) as Record<
      string,
      Kinds
    >;
    for (const [ours, keras] of Object.entries(names)) expect(counted(ours)).toEqual(judged[keras]);
  });

  it('are those of the papers, as far as papers round them', () => {
    // 1704.04861 table 8; 1801.04381 table 4; 1512.03385 table 1; 1905.11946 table 2.
    expect(Math.round(total('mobilenet') / 1e6)).toBe(569);
    expect(Math.round(total('mobilenetv2') / 1e6)).toBe(301);
    expect((total('resnet50') / 1e9).toFixed(1)).toBe('3.9');
    expect((total('efficientnetb0') / 1e9).toFixed(2)).toBe('0.39');
    expect(Math.round(total('efficientnetb7') / 1e9)).toBe(38);
  });
});

describe('an estimate', () => {
  const job: EstimateJob = {
    job: 'estimate',
    backbone: 'thaw-mobilenet-v2-035-128',
    thawFrom: 'block_16',
    thaw: [],
    classes: 6,
    trainImages: 400,
    validationImages: 80,
    batchSize: 8,
    imageSize: 64,
    dataset: null,
    recipe: {},
    measure: false,
  };

  it('measures a plan once and then knows it', async () => {
    const measured = await estimate({ ...job, measure: true }, quietContext());
    if (!measured.ok) throw new Error(measured.error.message);
    expect(planEstimateSchema.parse(measured.value)).toEqual(measured.value);
    const { speed, seconds, multiplyAdds, cut, bytes } = measured.value;
    expect(cut).toBe('block_16_expand');
    expect(speed.prefix.some((point) => point.multiplyAdds === multiplyAdds.prefix)).toBe(true);
    expect(speed.step.some((point) => point.multiplyAdds === multiplyAdds.suffix)).toBe(true);
    expect(seconds!.epoch).toBeGreaterThan(0);
    expect(bytes.total).toBe(bytes.weights + bytes.optimizer + bytes.activations);
    const again = await estimate(job, quietContext());
    expect(again.ok && again.value.seconds).toEqual(seconds);
  });

  it('of updating batch normalisation, which is more work, takes no measurement of a step without', async () => {
    const stored = await estimate({ ...job, measure: true }, quietContext());
    expect(stored.ok && stored.value.speed.step.length).toBeGreaterThan(0);
    const updating = await estimate({ ...job, recipe: { batchNorm: 'update' } }, quietContext());
    expect(updating.ok && updating.value.speed.step).toEqual([]);
  });

  it('counts a dataset’s images, their decoding, and what a training has left in the cache of them', async () => {
    const dataset = await makeColourDataset(12, Date.now() % 2 ** 31);
    const asked: EstimateJob = { ...job, dataset, trainImages: 0, validationImages: 0, measure: true };
    const before = await estimate(asked, quietContext());
    if (!before.ok) throw new Error(before.error.message);
    const { images, decode, kept, seconds } = before.value;
    expect(images.train + images.validation).toBe(36);
    expect(decode).toBeGreaterThan(0);
    expect(kept).toEqual([]);
    expect(seconds!.once).toBeGreaterThan(0);
    const place = await mkdtemp(path.join(tmpdir(), 'thaw-estimate-'));
    const settings = { ...defaultTrainSettings, dataset, imageSize: 64, epochs: 1, thawFrom: 'block_16' };
    expect((await operations.train(settings, path.join(place, 'run'), quietContext())).ok).toBe(true);
    const after = await estimate(asked, quietContext());
    if (!after.ok) throw new Error(after.error.message);
    expect(after.value.kept).toEqual([{ layers: ['block_15_add'], ...images }]);
    expect(after.value.seconds!.once).toBe(0);
    // Later cuts go on from there; variations are others.
    const later = await estimate({ ...asked, thawFrom: 'top' }, quietContext());
    expect(later.ok && later.value.seconds!.once).toBeGreaterThan(0);
    const varied = await estimate({ ...asked, recipe: { augment: 'light' } }, quietContext());
    expect(varied.ok && varied.value.kept).toEqual([
      { layers: ['block_15_add'], train: 0, validation: images.validation },
    ]);
  });

  it('names what is not there', async () => {
    const missing = await estimate({ ...job, thawFrom: 'block_99' }, quietContext());
    expect(missing.ok ? null : missing.error.code).toBe('usage');
  });
});
