import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { frontierOf, thawFrom } from '../../../../shared/domain/freezePlan.ts';
import type { NetworkWithHead, WeightArray } from '../../network/index.ts';
import { attachHead, createRandom, resolveBackbone } from '../../network/index.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { adam } from '../optimizers/adam.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { sgd } from '../optimizers/sgd.ts';
import {
  withAccumulation,
  withAverage,
  withRates,
  withStartingPoint,
  withWeightDecay,
} from '../optimizers/wrappers.ts';
import { Trainer } from '../trainer.ts';

let tf: Tf;
let prepared: NetworkWithHead;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.value.tf;
  const backbone = await resolveBackbone('thaw-mobilenet-v2-035-128');
  if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('No bundled backbone');
  const choice = { classes: ['a', 'b', 'c'], units: [8], dropout: 0.5, seed: 1, imageSize: null };
  const head = attachHead(backbone.value.network, backbone.value.weights, choice);
  if (!head.ok) throw new Error(head.error.message);
  prepared = head.value;
});

/** Batches at the frontier; the last one is smaller, as at the end of an epoch. */
function batches(frontier: readonly { name: string; outputShape: readonly number[] }[]) {
  const random = createRandom(5, 'executions');
  return [6, 6, 6, 2].map((count) => {
    const feeds = new Map<string, Tensor>();
    for (const { name, outputShape } of frontier) {
      const size = outputShape.reduce((a, b) => a * b, count);
      const values = Float32Array.from({ length: size }, () => random.uniform(0, 2));
      feeds.set(name, tf.tensor(values, [count, ...outputShape]));
    }
    const targets = Float32Array.from({ length: count * 3 }, (_, at) =>
      at % 3 === Math.floor(at / 3) % 3 ? 0.9 : 0.05,
    );
    return { feeds, targets };
  });
}

const rules: readonly (readonly [string, Optimizer, { clipNorm?: number; batchNorm?: 'update' }])[] = [
  ['Adam', adam(), {}],
  ['Adam, batch normalisation updating', adam(), { batchNorm: 'update' }],
  ['AdamW', withWeightDecay(adam(), 0.01), {}],
  ['AdamW with an average', withAverage(withWeightDecay(adam(), 0.01), 0.9), {}],
  ['SGD with accumulation and clipping', withAccumulation(sgd({ momentum: 0.9 }), 2), { clipNorm: 0.5 }],
  [
    'rates by layer and L2-SP',
    withRates(
      withStartingPoint(sgd(), () => 0.1),
      (key) => (key.startsWith('Conv_1') ? 0.5 : 1),
    ),
    {},
  ],
];

describe('a step as one graph and operation by operation', () => {
  it.each(rules)('%s: the same losses, logits, weights and slots', async (_, optimizer, more) => {
    const { network, weights } = prepared;
    const frontier = frontierOf(network, 'Conv_1');
    const plan = {
      trainable: thawFrom(network, 'Conv_1'),
      batchNorm: more.batchNorm ?? 'inference',
    } as const;
    const names = frontier.map(({ name }) => name);
    const options = { network, weights, plan, frontier: names, classWeights: [1, 2, 0.5], optimizer };
    const all = batches(frontier);
    const run = async (execution: 'compiled' | 'eager') => {
      const trainer = await Trainer.open(tf, { ...options, ...more, execution });
      const losses: number[] = [];
      for (const [index, batch] of all.entries())
        losses.push((await trainer.step(batch, { learningRate: 0.01, seed: index })).loss);
      const logits = await trainer.logits(all.at(-1)!.feeds);
      const state = [await trainer.readTrained(), (await trainer.optimizerState()).slots] as const;
      expect([trainer.execution, trainer.eagerReason]).toEqual([execution, null]);
      trainer.dispose();
      return { losses, logits, state };
    };
    const [graph, eager] = [await run('compiled'), await run('eager')];
    expectClose(graph.losses, eager.losses, 'losses');
    expectClose(graph.logits, eager.logits, 'logits');
    for (const [index, state] of graph.state.entries())
      for (const [key, { data }] of state as ReadonlyMap<string, WeightArray>)
        expectClose(data, eager.state[index]!.get(key)!.data, key);
  });

  it('gives one mask for a seed, another for another', async () => {
    const { network, weights, featureLayer } = prepared;
    const frontier = network.layers.filter(({ name }) => name === featureLayer);
    const plan = { trainable: thawFrom(network, 'head_dense_1'), batchNorm: 'inference' } as const;
    const options = { network, weights, plan, frontier: [featureLayer], classWeights: null };
    const [batch] = batches(frontier);
    const lossOf = async (seed: number): Promise<number> => {
      const trainer = await Trainer.open(tf, options);
      const { loss } = await trainer.step(batch!, { learningRate: 0.01, seed });
      trainer.dispose();
      return loss;
    };
    expect(await lossOf(1)).toBe(await lossOf(1));
    expect(await lossOf(1)).not.toBe(await lossOf(2));
  });
});

/** Adam divides by roots of tiny squares, which magnifies rounding: hence a thousandth of the largest. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  let [scale, worst] = [1e-6, 0];
  for (let at = 0; at < expected.length; at += 1) {
    scale = Math.max(scale, Math.abs(expected[at]!));
    worst = Math.max(worst, Math.abs(expected[at]! - actual[at]!));
  }
  expect(worst / scale, what).toBeLessThan(1e-3);
}
