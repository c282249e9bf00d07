import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FreezePlan } from '../../../shared/domain/freezePlan.ts';
import { countParameters, cutOf, frontierOf, thawFrom } from '../../../shared/domain/freezePlan.ts';
import type { NetworkWithHead, Weights } from '../network/index.ts';
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

interface Verdict {
  losses: number[];
  weights: Record<string, number[]>;
  parameters: number;
}

/** What a plan makes of the network. */
function planned({ from, batchNorm }: (typeof plans)[number]) {
  const { network } = prepared;
  const plan: FreezePlan = { trainable: thawFrom(network, from), batchNorm };
  const cut = cutOf(network, plan)!.name;
  const frontier = frontierOf(network, cut).map(({ name }) => name);
  return { plan, frontier, learningRate: from === 'head_dense_1' ? 1e-2 : 5e-5 };
}

function asked(one: (typeof plans)[number]) {
  const { plan, learningRate } = planned(one);
  const trained = prepared.network.layers.filter(({ name }) => plan.trainable.includes(name));
  const keys = trained.flatMap(({ name, weights }) => weights.map((weight) => `${name}/${weight.name}`));
  return {
    trainable: plan.trainable,
    updateStatistics: one.batchNorm === 'update',
    learningRate,
    classWeights: one.classWeights,
    watch: [
      'probabilities/kernel',
      ...keys.filter((key) => /^(block_16|Conv_1|bn_Conv1)/.test(key)).slice(0, 12),
    ],
  };
}

describe.skipIf(judgeMissing !== null)(`twenty training steps against Keras ${judgeMissing ?? ''}`, () => {
  const batches = makeBatches();
  let verdicts: Verdict[];

  beforeAll(async () => {
    const file = path.join(folder, 'asked.json');
    const plain = batches.map(({ data, labels }) => ({ data: [...data], labels: [...labels] }));
    const shape = [batchSize, size, size, 3];
    await writeFile(file, JSON.stringify({ shape, batches: plain, cases: plans.map(asked) }));
    verdicts = JSON.parse(await runJudge('train_parity.py', [folder, file])) as Verdict[];
  }, 900_000);

  it.each(plans.map((plan, index) => [plan.title, plan, index] as const))(
    '%s, as one graph and operation by operation',
    async (_, one, index) => {
      const { network, weights } = prepared;
      const { plan, frontier, learningRate } = planned(one);
      const keras = verdicts[index]!;
      expect(countParameters(network, plan).trainable).toBe(keras.parameters);
      const options = { network, weights, plan, frontier, classWeights: one.classWeights };
      const runs = await Promise.all(
        (['compiled', 'eager'] as const).map(async (execution) => ({
          trainer: await Trainer.open(tf, { ...options, execution }),
          execution,
          losses: [] as number[],
        })),
      );
      for (const { data, labels } of batches) {
        const feeds = featuresAt(frontier, data);
        for (const { trainer, losses } of runs) {
          const step = trainer.step({ feeds, targets: oneHot(labels) }, { learningRate, seed: 0 });
          losses.push((await step).loss);
        }
        tf.dispose([...feeds.values()]);
      }
      for (const { trainer, execution, losses } of runs) {
        expect(trainer.execution).toBe(execution);
        expectLikeKeras(losses, await trainer.readTrained(), keras);
        trainer.dispose();
      }
    },
  );
});

function expectLikeKeras(losses: number[], trained: Weights, keras: Verdict): void {
  for (const [step, loss] of losses.entries()) {
    const truth = keras.losses[step]!;
    expect(Math.abs(loss - truth) / truth, `step ${step + 1}`).toBeLessThan(1e-4);
  }
  expect(losses.at(-1)).not.toBeCloseTo(losses[0]!, 3);
  for (const [key, truth] of Object.entries(keras.weights)) {
    const before = prepared.weights.get(key)!.data;
    const largest = (other: Float32Array): number =>
      truth.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
    // Adam moves a weight whose gradient is noise by whole steps; the bulk must agree.
    expect(largest(trained.get(key)!.data), key).toBeLessThanOrEqual(Math.max(0.15 * largest(before), 1e-6));
  }
}

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
