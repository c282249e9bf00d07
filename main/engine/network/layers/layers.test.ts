import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue, Network } from '../../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../../shared/domain/network.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { judgePython, runJudge } from '../../testing/judge.ts';
import { buildNetwork } from '../buildNetwork.ts';
import type { LayerSpec } from '../buildNetwork.ts';
import { forward, logitsOf } from '../executor.ts';
import { createRandom } from '../random.ts';
import { sizeOf, weightKey } from '../weights.ts';
import type { Weights } from '../weights.ts';
import { kerasTopology } from '../writeLayersModel.ts';
import { supportedClasses } from './registry.ts';

interface Case {
  title: string;
  network: Network;
  weights: Weights;
  input: { shape: number[]; data: number[] };
  probe: { shape: number[]; data: number[] };
  training: boolean;
}
interface Verdict {
  shape: number[];
  output: number[];
  inputGradient: number[];
  gradients: Record<string, number[]>;
  moving: Record<string, number[]>;
}
type Config = Record<string, JsonValue>;

const random = createRandom(1, 'layer tests');
const draw = (size: number, scale = 1): number[] =>
  Array.from({ length: size }, () => Math.fround(random.normal(0, scale)));

function layer(className: string, config: Config, inputs = ['input'], name = 'layer'): LayerSpec {
  return { name, className, config: { name, ...config }, inputs };
}

function makeCase(title: string, specs: LayerSpec[], shape = [7, 6, 3], training = false): Case {
  const input = {
    name: 'input',
    className: 'InputLayer',
    config: { name: 'input', batch_input_shape: [null, ...shape], dtype: 'float32' },
    inputs: [],
  };
  const built = buildNetwork('judge', [input, ...specs], specs.at(-1)!.name);
  if (!built.ok) throw new Error(`${title}: ${built.error.message}`);
  const network = built.value;
  const weights: Weights = new Map();
  for (const { name, weights: own } of network.layers) {
    for (const spec of own) {
      const data = draw(sizeOf(spec.shape), 0.5);
      const positive = spec.name.endsWith('variance') ? data.map((value) => Math.abs(value) + 0.5) : data;
      weights.set(weightKey(name, spec.name), { shape: spec.shape, data: new Float32Array(positive) });
    }
  }
  const output = [2, ...network.layers.at(-1)!.outputShape];
  return {
    title,
    network,
    weights,
    input: { shape: [2, ...shape], data: draw(2 * sizeOf(shape), 2) },
    probe: { shape: output, data: draw(sizeOf(output)) },
    training,
  };
}

const one = (className: string, config: Config = {}, shape?: number[], training = false): Case =>
  makeCase(titleOf(className, config, training), [layer(className, config)], shape, training);

/** The layer on a flattened image. */
const onVector = (className: string, config: Config = {}, training = false): Case =>
  makeCase(
    `${titleOf(className, config, training)} on a vector`,
    [layer('Flatten', {}, ['input'], 'vector'), layer(className, config, ['vector'])],
    [2, 2, 3],
    training,
  );

const titleOf = (className: string, config: Config, training: boolean): string =>
  `${className} ${JSON.stringify(config)}${training ? ' training' : ''}`;

/** Two branches into one merge. */
const merge = (className: string, config: Config = {}): Case =>
  makeCase(`${className} ${JSON.stringify(config)}`, [
    layer('Conv2D', { filters: 3, kernel_size: [3, 3], padding: 'same' }, ['input'], 'left'),
    layer('ReLU', {}, ['input'], 'right'),
    layer(className, config, ['left', 'right']),
  ]);

const cases: Case[] = [
  one('Conv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu' }),
  one('Conv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same' }, [8, 5, 3]),
  one('Conv2D', { filters: 4, kernel_size: [3, 2], padding: 'valid', use_bias: false, activation: 'relu6' }),
  one('Conv2D', { filters: 2, kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }),
  one('Conv2D', { filters: 2, kernel_size: [3, 2], dilation_rate: [2, 3] }),
  one('DepthwiseConv2D', { kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('DepthwiseConv2D', { kernel_size: [3, 3], depth_multiplier: 2, padding: 'valid', use_bias: false }),
  one('DepthwiseConv2D', { kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }),
  one('SeparableConv2D', {
    filters: 5,
    kernel_size: [3, 3],
    padding: 'same',
    depth_multiplier: 2,
    activation: 'tanh',
  }),
  onVector('Dense', { units: 4, activation: 'softmax' }),
  one('Dense', { units: 4, use_bias: false }),
  ...['BatchNormalization'].flatMap((name) => [
    one(name, { epsilon: 0.01 }),
    one(name, { scale: false, center: false }),
    one(name, { momentum: 0.9 }, undefined, true),
    one(name, { momentum: 0.9, scale: false }, undefined, true),
    one(name, { momentum: 0.9, center: false, axis: [3] }, undefined, true),
    onVector(name, { momentum: 0.8 }, true),
  ]),
  one('Normalization', { axis: -1, mean: [0.1, 0.2, 0.3], variance: [1, 2, 3] }),
  one('Rescaling', { scale: 0.25, offset: -1 }),
  ...[
    'linear',
    'relu',
    'sigmoid',
    'tanh',
    'swish',
    'hard_sigmoid',
    'elu',
    'selu',
    'gelu',
    'softmax',
    'relu6',
  ].map((activation) => one('Activation', { activation })),
  onVector('Softmax', { axis: -1 }),
  one('ReLU', {}),
  one('ReLU', { max_value: 6 }),
  one('ReLU', { max_value: 1, negative_slope: 0.2, threshold: 0.5 }),
  one('ReLU', { max_value: 2 }),
  one('ReLU', { negative_slope: 0.1 }),
  one('ReLU', { threshold: 0.5 }),
  one('LeakyReLU', { alpha: 0.2 }),
  one('Dropout', { rate: 0.5 }),
  one('SpatialDropout2D', { rate: 0.5 }),
  one('MaxPooling2D', { pool_size: [2, 2], padding: 'valid' }),
  one('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [2, 3], strides: [1, 2], padding: 'valid' }),
  one('GlobalAveragePooling2D'),
  one('GlobalAveragePooling2D', { keepdims: true }),
  one('GlobalMaxPooling2D', { keepdims: true }),
  makeCase('GlobalMaxPooling2D with ties', [
    layer('ReLU', { max_value: 0.5 }, ['input'], 'tied'),
    layer('GlobalMaxPooling2D', {}, ['tied']),
  ]),
  merge('Add'),
  merge('Subtract'),
  merge('Multiply'),
  merge('Average'),
  merge('Maximum'),
  merge('Concatenate', { axis: -1 }),
  merge('Concatenate', { axis: 1 }),
  makeCase('squeeze and excite', [
    layer('GlobalAveragePooling2D', { keepdims: true }, ['input'], 'squeeze'),
    layer('Conv2D', { filters: 3, kernel_size: 1, activation: 'sigmoid' }, ['squeeze'], 'excite'),
    layer('Multiply', {}, ['input', 'excite']),
  ]),
  one('Flatten'),
  one('Reshape', { target_shape: [3, -1] }),
  one('Permute', { dims: [3, 1, 2] }),
  one('ZeroPadding2D', {
    padding: [
      [0, 1],
      [2, 0],
    ],
  }),
  one('Cropping2D', {
    cropping: [
      [1, 2],
      [0, 1],
    ],
  }),
  one('UpSampling2D', { size: [2, 3], interpolation: 'nearest' }),
];

const missing = judgePython() === null;
const required = process.env['THAW_REQUIRE'] === '1';

describe.skipIf(missing && !required)('layers against Keras (needs the Keras judge)', () => {
  let tf: Tf;
  let verdicts: Verdict[];

  beforeAll(async () => {
    const runtime = await loadTensorFlow();
    if (!runtime.ok) throw new Error(runtime.error.message);
    tf = runtime.value.tf;
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-layers-'));
    const file = path.join(folder, 'cases.json');
    await writeFile(
      file,
      JSON.stringify(
        cases.map(({ network, weights, input, probe, training }) => ({
          layers: kerasLayers(network),
          input,
          probe,
          training,
          weights: Object.fromEntries(
            [...weights].map(([key, { shape, data }]) => [key, { shape, data: [...data] }]),
          ),
        })),
      ),
    );
    verdicts = JSON.parse(await runJudge('layer_forward_gradient.py', [file])) as Verdict[];
    await rm(folder, { recursive: true });
  });

  it('judges every class the engine computes', () => {
    const judged = new Set(cases.flatMap(({ network }) => network.layers.map(({ className }) => className)));
    expect(supportedClasses.filter((name) => !judged.has(name))).toEqual([]);
  });

  it.each(cases.map((entry, index) => ({ ...entry, index })))(
    '$title: output, gradients and moving statistics',
    ({ network, weights, input, probe, training, index }) => {
      const verdict = verdicts[index]!;
      const result = compute(tf, network, weights, input, probe, training);
      expect(result.shape).toEqual(verdict.shape);
      expectClose(result.output, verdict.output, 'output');
      expectClose(result.inputGradient, verdict.inputGradient, 'input gradient');
      expect(Object.keys(result.gradients).sort()).toEqual(Object.keys(verdict.gradients).sort());
      for (const [key, expected] of Object.entries(verdict.gradients))
        expectClose(result.gradients[key]!, expected, `gradient of ${key}`);
      for (const [key, expected] of Object.entries(verdict.moving)) {
        const value = result.moving[key] ?? [...weights.get(key)!.data];
        expectClose(value, expected, key);
      }
      expect(Object.keys(result.moving).length > 0).toBe(training);
    },
  );

  it('leaves the last activation off when logits are asked for', () => {
    const { network, weights, input } = cases.find(({ title }) => title.startsWith('Dense'))!;
    const variables = asTensors(tf, weights);
    const feeds = new Map([['input', tf.tensor(input.data, input.shape)]]);
    const mode = {
      training: false,
      trainable: new Set<string>(),
      batchNorm: 'inference',
      dropoutSeed: () => 0,
    } as const;
    const [logits, value] = forward(tf, network, variables, feeds, [logitsOf('layer'), 'layer'], mode);
    expectClose([...tf.softmax(logits!).dataSync()], [...value!.dataSync()], 'softmax of the logits');
  });

  it('drops by the seed in training only', () => {
    const { network, input } = cases.find(({ title }) => title.startsWith('Dropout'))!;
    const feeds = new Map([['input', tf.tensor(input.data, input.shape)]]);
    const run = (training: boolean, seed: number): number[] => {
      const mode = {
        training,
        trainable: new Set<string>(),
        batchNorm: 'inference',
        dropoutSeed: () => seed,
      } as const;
      return [...forward(tf, network, new Map(), feeds, ['layer'], mode)[0]!.dataSync()];
    };
    expect(run(true, 5)).toEqual(run(true, 5));
    expect(run(true, 5)).not.toEqual(run(true, 6));
    expect(run(false, 5)).toEqual(input.data);
    const kept = run(true, 5).filter((value) => value !== 0).length / input.data.length;
    expect(kept).toBeGreaterThan(0.35);
    expect(kept).toBeLessThan(0.65);
  });
});

function kerasLayers(network: Network): JsonValue {
  const topology = kerasTopology(network) as { model_config: { config: { layers: JsonValue } } };
  return topology.model_config.config.layers;
}

function asTensors(tf: Tf, weights: Weights): Map<string, Tensor> {
  return new Map([...weights].map(([key, { shape, data }]) => [key, tf.tensor(data, [...shape])]));
}

function compute(
  tf: Tf,
  network: Network,
  weights: Weights,
  input: Case['input'],
  probe: Case['probe'],
  training: boolean,
): Omit<Verdict, 'shape'> & { shape: number[] } {
  const variables = asTensors(tf, weights);
  const trained = [...variables.keys()].filter((key) => !isMovingStatistic(key.split('/')[1]!));
  const moving: Record<string, number[]> = {};
  const run = (values: Tensor[]): Tensor => {
    const [x, ...own] = values as [Tensor, ...Tensor[]];
    const all = new Map([...variables, ...trained.map((key, index) => [key, own[index]!] as const)]);
    const [y] = forward(tf, network, all, new Map([['input', x]]), [network.output], {
      training,
      trainable: new Set(network.layers.map(({ name }) => name)),
      batchNorm: 'update',
      dropoutSeed: () => 1,
      onMovingStatistics(name, mean, variance) {
        moving[`${name}/moving_mean`] = [...mean.dataSync()];
        moving[`${name}/moving_variance`] = [...variance.dataSync()];
      },
    });
    return y!;
  };
  const values = [tf.tensor(input.data, input.shape), ...trained.map((key) => variables.get(key)!)];
  const y = run(values);
  const weighed = tf.tensor(probe.data, probe.shape);
  const gradients = tf.grads((...all: Tensor[]) => tf.sum(tf.mul(run(all), weighed)))(values);
  return {
    shape: y.shape,
    output: [...y.dataSync()],
    inputGradient: [...gradients[0]!.dataSync()],
    gradients: Object.fromEntries(trained.map((key, index) => [key, [...gradients[index + 1]!.dataSync()]])),
    moving,
  };
}

/** Largest difference, relative to the largest value expected. */
function expectClose(actual: number[], expected: number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  const worst = Math.max(0, ...expected.map((value, index) => Math.abs(value - actual[index]!)));
  expect(worst / scale, what).toBeLessThan(1e-5);
}
