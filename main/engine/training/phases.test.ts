import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerSlots } from '../../../shared/domain/cost/slots.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import type { NetworkWithHead } from '../network/index.ts';
import { attachHead, resolveBackbone } from '../network/index.ts';
import { planPhases } from './phases.ts';
import { checkLayerFactors, optimizerFor, pullsOf, ratesOf } from './recipe.ts';

let prepared: NetworkWithHead;

beforeAll(async () => {
  const backbone = await resolveBackbone('thaw-mobilenet-v2-035-128');
  if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('No bundled backbone');
  const { network, weights } = backbone.value;
  const choice = { classes: ['a', 'b'], units: [8], dropout: 0.5, seed: 0, imageSize: null };
  const head = attachHead(network, weights, choice);
  if (!head.ok) throw new Error(head.error.message);
  prepared = head.value;
});

function plan(more: Partial<TrainSettings>) {
  const phases = planPhases(prepared.network, prepared.headLayers, { ...defaultTrainSettings, ...more });
  if (!phases.ok) throw new Error(phases.error.message);
  return phases.value.map(({ name, cut, frontier, epochs }) => ({ name, cut, frontier, epochs }));
}

describe('phases', () => {
  it('train the head on pooled features by default', () => {
    expect(plan({})).toEqual([
      { name: 'head', cut: 'head_dense_1', frontier: [prepared.featureLayer], epochs: 20 },
    ]);
  });

  it('thaw from the first epoch without fine-tune epochs, and after the head phase with them', () => {
    const cut = { cut: 'block_16_expand', frontier: ['block_15_add'] };
    expect(plan({ thawFrom: 'block_16' })).toEqual([{ name: 'fine-tune', ...cut, epochs: 20 }]);
    expect(plan({ thawFrom: 'block_16', fineTuneEpochs: 5 })).toEqual([
      { name: 'head', cut: 'head_dense_1', frontier: [prepared.featureLayer], epochs: 20 },
      { name: 'fine-tune', ...cut, epochs: 5 },
    ]);
  });

  it('cut a residual branch at all tensors that cross the cut', () => {
    const [phase] = plan({ thaw: ['block_15_project*'] });
    expect(phase!.cut).toBe('block_15_project');
    expect([...phase!.frontier].sort()).toEqual(['block_14_add', 'block_15_depthwise_relu']);
  });

  it('thaw everything with --freeze none, from the image on', () => {
    const [phase] = plan({ freeze: 'none' });
    expect(phase).toMatchObject({
      name: 'fine-tune',
      cut: 'Conv1',
      frontier: [prepared.network.layers[0]!.name],
    });
  });

  it('thaw step by step from the last block back when asked to', () => {
    const steps = plan({ thawFrom: 'block_14', fineTuneEpochs: 7, gradualUnfreeze: 2, epochs: 1 });
    // Blocks 14, 15, 16 and top: two at a time.
    expect(steps.map(({ cut, epochs }) => [cut, epochs])).toEqual([
      ['head_dense_1', 1],
      ['block_16_expand', 4],
      ['block_14_expand', 3],
    ]);
    const asked = { ...defaultTrainSettings, thawFrom: 'block_14', fineTuneEpochs: 2, gradualUnfreeze: 3 };
    expect(planPhases(prepared.network, prepared.headLayers, asked)).toMatchObject({
      ok: false,
      error: { code: 'usage' },
    });
  });

  it('give earlier blocks smaller rates, and named layers their own', () => {
    const phases = planPhases(prepared.network, prepared.headLayers, {
      ...defaultTrainSettings,
      thawFrom: 'block_15',
    });
    if (!phases.ok) throw new Error(phases.error.message);
    const layerRates = { 'block_15_project*': 0, 'head_*': 2 };
    const rates = ratesOf(prepared.network, prepared.headLayers, phases.value[0]!, {
      rateDecay: 0.5,
      layerRates,
    });
    expect(rates.get('head_dense_1')).toBe(2);
    expect(rates.get('Conv_1')).toBe(0.5);
    expect(rates.get('block_16_expand')).toBe(0.25);
    expect(rates.get('block_15_expand')).toBe(0.125);
    expect(rates.get('block_15_project')).toBe(0);
    expect(rates.has('block_14_expand')).toBe(false);
    expect(checkLayerFactors(prepared.network, { layerRates, layerL2sp: {} })).toMatchObject({ ok: true });
    for (const globs of [
      { layerRates: { 'none_*': 1 }, layerL2sp: {} },
      { layerRates: {}, layerL2sp: { 'none_*': 1 } },
    ])
      expect(checkLayerFactors(prepared.network, globs)).toMatchObject({
        ok: false,
        error: { code: 'usage', found: 'none_*' },
      });
  });

  it('pull named layers to their pretrained weights by their own strength, never the head', () => {
    const thawed = { ...defaultTrainSettings, thawFrom: 'block_15' };
    const phases = planPhases(prepared.network, prepared.headLayers, thawed);
    if (!phases.ok) throw new Error(phases.error.message);
    const [phase] = phases.value;
    const layerL2sp = { block_16: 0.5, 'block_16_project*': 0, 'head_*': 1 };
    const pulls = pullsOf(prepared.network, prepared.headLayers, phase!, { l2sp: 0.01, layerL2sp });
    expect(pulls.get('block_15_expand')).toBe(0.01);
    expect(pulls.get('block_16_expand')).toBe(0.5);
    expect(pulls.get('block_16_project')).toBe(0);
    expect(pulls.has('head_dense_1')).toBe(false);
    const settings = { ...defaultTrainSettings, layerL2sp: { block_16: 0.5 } };
    const optimizer = optimizerFor(prepared.network, prepared.headLayers, phase!, settings, prepared.weights);
    expect(optimizer.slots).toContain('start');
    const key = 'block_16_expand/kernel';
    const elsewhere = new Float32Array(prepared.weights.get(key)!.data.length);
    expect(optimizer.initial?.('start', elsewhere, key)).toEqual(prepared.weights.get(key)!.data);
  });

  it('keep as many values for each weight as an estimate says', () => {
    const phases = planPhases(prepared.network, prepared.headLayers, {
      ...defaultTrainSettings,
      thawFrom: 'block_16',
    });
    if (!phases.ok) throw new Error(phases.error.message);
    for (const more of [
      {},
      { optimizer: 'adamw', averageMomentum: 0.9 },
      { optimizer: 'sgd' },
      { optimizer: 'sgd', accumulate: 4, l2sp: 0.1 },
      { layerL2sp: { block_16: 0.1 }, averageMomentum: 0.5 },
    ] as const) {
      const settings = { ...defaultTrainSettings, ...more };
      const optimizer = optimizerFor(
        prepared.network,
        prepared.headLayers,
        phases.value[0]!,
        settings,
        prepared.weights,
      );
      expect(optimizer.slots).toHaveLength(optimizerSlots(settings));
    }
  });

  it('refuse a pattern that matches nothing, and no epochs', () => {
    const asked = (more: Partial<TrainSettings>) =>
      planPhases(prepared.network, prepared.headLayers, { ...defaultTrainSettings, ...more });
    expect(asked({ thaw: ['nothing_*'] })).toMatchObject({
      ok: false,
      error: { code: 'usage', found: 'nothing_*' },
    });
    expect(asked({ epochs: 0 })).toMatchObject({ ok: false, error: { code: 'usage' } });
  });
});
