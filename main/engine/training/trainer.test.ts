import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FreezePlan } from '../../../shared/domain/freezePlan.ts';
import { countParameters, cutOf, frontierOf, thawFrom } from '../../../shared/domain/freezePlan.ts';
import type { NetworkWithHead } from '../network/index.ts';
import {
  attachHead,
  createRandom,
  forward,
  inferenceMode,
  resolveBackbone,
  sizeOf,
  writeLayersModel,
} from '../network/index.ts';
import { loadTensorFlow } from '../runtime/tensorflow.ts';
import type { Tf } from '../runtime/tf.ts';
import { judgeMissing, runJudge } from '../testing/judge.ts';
import { Trainer } from './trainer.ts';

const size = 64;
const batchSize = 8;
const steps = 20;
let tf: Tf;
let prepared: NetworkWithHead;
let folder: string;

beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
  const backbone = await resolveBackbone('thaw-mobilenet-v2-035-128');
  if (!backbone.ok || backbone.value.kind !== 'layers') throw new Error('No bundled backbone');
  const { network, weights } = backbone.value;
  const settings = { classes: ['a', 'b', 'c'], units: [16], dropout: 0, seed: 4, imageSize: size };
  const head = attachHead(network, weights, settings);
  if (!head.ok) throw new Error(head.error.message);
  prepared = head.value;
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-parity-'));
  await writeLayersModel(prepared.network, prepared.weights, folder);
});

/** Images of three colours in noise, so that there is something to learn. */
function makeBatches(): { data: Float32Array; labels: Int32Array }[] {
  const random = createRandom(7, 'batches');
  return Array.from({ length: steps }, () => {
    const labels = Int32Array.from({ length: batchSize }, () => Math.floor(random.uniform(0, 3)));
    const data = new Float32Array(batchSize * size * size * 3);
    for (let at = 0; at < data.length; at += 1) {
      const label = labels[Math.floor(at / (size * size * 3))];
      data[at] = random.uniform(-1, 1) * 0.6 + (at % 3 === label ? 0.4 : 0);
    }
    return { data, labels };
  });
}

/** [batch × 3 classes]. */
function oneHot(labels: Int32Array): Float32Array {
  const targets = new Float32Array(labels.length * 3);
  for (const [row, label] of labels.entries()) targets[row * 3 + label] = 1;
  return targets;
}

const plans: {
  title: string;
  from: string;
  batchNorm: FreezePlan['batchNorm'];
  classWeights: number[] | null;
}[] = [
  { title: 'head only', from: 'head_dense_1', batchNorm: 'inference', classWeights: null },
  {
    title: 'head only, classes weighted',
    from: 'head_dense_1',
    batchNorm: 'inference',
    classWeights: [0.5, 1, 2],
  },
  {
    title: 'last block, batch norm by stored statistics',
    from: 'block_16_expand',
    batchNorm: 'inference',
    classWeights: null,
  },
  {
    title: 'last block, batch norm updating',
    from: 'block_16_expand',
    batchNorm: 'update',
    classWeights: null,
  },
  {
    title: 'all layers, batch norm by stored statistics',
    from: 'Conv1',
    batchNorm: 'inference',
    classWeights: null,
  },
  { title: 'all layers, batch norm updating', from: 'Conv1', batchNorm: 'update', classWeights: null },
];

describe.skipIf(judgeMissing !== null)(`twenty training steps against Keras ${judgeMissing ?? ''}`, () => {
  it.each(plans.map((plan) => [plan.title, plan] as const))(
    '%s, as one graph and operation by operation',
    async (_, { from, batchNorm, classWeights }) => {
      const { network, weights } = prepared;
      const plan: FreezePlan = { trainable: thawFrom(network, from), batchNorm };
      const cut = cutOf(network, plan)!.name;
      const frontier = frontierOf(network, cut).map(({ name }) => name);
      const learningRate = from === 'head_dense_1' ? 1e-2 : 5e-5;
      const batches = makeBatches();
      const watch = [
        'probabilities/kernel',
        ...network.layers
          .filter(({ name }) => plan.trainable.includes(name))
          .flatMap(({ name, weights: own }) => own.map((one) => `${name}/${one.name}`))
          .filter((key) => /^(block_16|Conv_1|bn_Conv1)/.test(key))
          .slice(0, 12),
      ];
      const file = path.join(folder, `${from}-${batchNorm}-${classWeights === null}.json`);
      await writeFile(
        file,
        JSON.stringify({
          shape: [batchSize, size, size, 3],
          batches: batches.map(({ data, labels }) => ({ data: [...data], labels: [...labels] })),
          trainable: plan.trainable,
          updateStatistics: batchNorm === 'update',
          learningRate,
          classWeights,
          watch,
        }),
      );
      const keras = JSON.parse(await runJudge('train_parity.py', [folder, file])) as {
        losses: number[];
        weights: Record<string, number[]>;
        parameters: number;
      };
      expect(countParameters(network, plan).trainable).toBe(keras.parameters);

      for (const execution of ['compiled', 'eager'] as const) {
        const trainer = await Trainer.open(tf, { network, weights, plan, frontier, classWeights, execution });
        expect(trainer.execution).toBe(execution);
        const losses: number[] = [];
        for (const { data, labels } of batches) {
          const feeds = featuresAt(frontier, data);
          losses.push(
            (await trainer.step({ feeds, targets: oneHot(labels) }, { learningRate, seed: 0 })).loss,
          );
          tf.dispose([...feeds.values()]);
        }
        const trained = await trainer.readTrained();
        trainer.dispose();
        for (const [step, loss] of losses.entries())
          expect(Math.abs(loss - keras.losses[step]!) / keras.losses[step]!, `step ${step + 1}`).toBeLessThan(
            1e-4,
          );
        expect(losses.at(-1)).not.toBeCloseTo(losses[0]!, 3);
        for (const [key, truth] of Object.entries(keras.weights)) {
          const before = weights.get(key)!.data;
          const moved = truth.reduce((most, value, at) => Math.max(most, Math.abs(value - before[at]!)), 0);
          const off = truth.reduce(
            (most, value, at) => Math.max(most, Math.abs(value - trained.get(key)!.data[at]!)),
            0,
          );
          // Adam moves a weight whose gradient is noise by whole steps; the bulk must agree.
          expect(off, key).toBeLessThanOrEqual(Math.max(0.15 * moved, 1e-6));
        }
      }
    },
  );
});

/** The frozen part computed by the executor, as the prefix would. */
function featuresAt(frontier: readonly string[], data: Float32Array) {
  const { network, weights } = prepared;
  const outputs = tf.tidy(() => {
    const variables = new Map(
      [...weights].map(([key, one]) => [key, tf.tensor(one.data.slice(), [...one.shape])]),
    );
    const image = tf.tensor(data.slice(), [batchSize, size, size, 3]);
    const feeds = new Map([[network.layers[0]!.name, image]]);
    return forward(tf, network, variables, feeds, frontier, inferenceMode);
  });
  return new Map(frontier.map((name, index) => [name, outputs[index]!]));
}

describe('a trainer', () => {
  it('leaves frozen weights and statistics alone, and gives all memory back', async () => {
    const { network, weights } = prepared;
    const plan: FreezePlan = { trainable: thawFrom(network, 'Conv_1'), batchNorm: 'inference' };
    const frontier = frontierOf(network, 'Conv_1').map(({ name }) => name);
    const before = tf.memory().numTensors;
    const trainer = await Trainer.open(tf, { network, weights, plan, frontier, classWeights: null });
    const [batch] = makeBatches();
    const feeds = featuresAt(frontier, batch!.data);
    await trainer.step({ feeds, targets: oneHot(batch!.labels) }, { learningRate: 0.01, seed: 0 });
    const afterOne = tf.memory().numTensors;
    await trainer.step({ feeds, targets: oneHot(batch!.labels) }, { learningRate: 0.01, seed: 0 });
    expect(tf.memory().numTensors).toBe(afterOne);
    const trained = await trainer.readTrained();
    expect(trained.get('Conv_1_bn/moving_mean')).toEqual(weights.get('Conv_1_bn/moving_mean'));
    expect(trained.get('Conv_1_bn/gamma')).not.toEqual(weights.get('Conv_1_bn/gamma'));
    expect([...trained.keys()].some((key) => key.startsWith('block_'))).toBe(false);
    trainer.dispose();
    tf.dispose([...feeds.values()]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('weighs images as it weighs classes (which Keras confirms above), and both together', async () => {
    const { network, weights } = prepared;
    const plan: FreezePlan = { trainable: thawFrom(network, 'head_dense_1'), batchNorm: 'inference' };
    const frontier = frontierOf(network, 'head_dense_1').map(({ name }) => name);
    const [batch] = makeBatches();
    const factors = [0.5, 1, 2];
    const own = Float32Array.from(batch!.labels, (label) => factors[label]!);
    const feeds = featuresAt(frontier, batch!.data);
    const lossOf = async (classWeights: number[] | null, each?: Float32Array) => {
      const trainer = await Trainer.open(tf, { network, weights, plan, frontier, classWeights });
      const one = { feeds, targets: oneHot(batch!.labels), ...(each && { weights: each }) };
      const { loss } = await trainer.step(one, { learningRate: 0.01, seed: 0 });
      trainer.dispose();
      return loss;
    };
    const byClass = await lossOf(factors);
    expect(await lossOf(null, own)).toBeCloseTo(byClass, 6);
    expect(
      await lossOf(
        factors,
        Float32Array.from(own, (weight) => 1 / weight),
      ),
    ).toBeCloseTo(await lossOf(null), 6);
    tf.dispose([...feeds.values()]);
  });

  it('goes on from its optimizer state as if it had not stopped', async () => {
    const { network, weights } = prepared;
    const plan: FreezePlan = { trainable: thawFrom(network, 'head_dense_1'), batchNorm: 'inference' };
    const frontier = frontierOf(network, 'head_dense_1').map(({ name }) => name);
    const [one, two] = makeBatches();
    const options = { network, plan, frontier, classWeights: null };
    const feeds = [featuresAt(frontier, one!.data), featuresAt(frontier, two!.data)];
    const straight = await Trainer.open(tf, { ...options, weights });
    await straight.step({ feeds: feeds[0]!, targets: oneHot(one!.labels) }, { learningRate: 0.01, seed: 0 });
    const stopped = { weights: await straight.readTrained(), optimizer: await straight.optimizerState() };
    await straight.step({ feeds: feeds[1]!, targets: oneHot(two!.labels) }, { learningRate: 0.01, seed: 0 });

    const again = await Trainer.open(tf, { ...options, weights: new Map([...weights, ...stopped.weights]) });
    again.restoreOptimizer(stopped.optimizer);
    await again.step({ feeds: feeds[1]!, targets: oneHot(two!.labels) }, { learningRate: 0.01, seed: 0 });
    expect(await again.readTrained()).toEqual(await straight.readTrained());
    expect(sizeOf([...stopped.weights.values()][0]!.shape)).toBeGreaterThan(0);
    straight.dispose();
    again.dispose();
    for (const feed of feeds) tf.dispose([...feed.values()]);
  });
});
