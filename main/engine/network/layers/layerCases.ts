import type { JsonValue, Network } from '../../../../shared/domain/network.ts';
import { buildNetwork } from '../buildNetwork.ts';
import type { LayerSpec } from '../buildNetwork.ts';
import { createRandom } from '../random.ts';
import { sizeOf, weightKey } from '../weights.ts';
import type { Weights } from '../weights.ts';

/** A small network and a batch for it, to be asked of two engines. */
export interface Case {
  title: string;
  network: Network;
  weights: Weights;
  input: { shape: number[]; data: number[] };
  probe: { shape: number[]; data: number[] };
  training: boolean;
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
  const built = buildNetwork('judge', [input, ...specs], specs.at(-1)?.name ?? '');
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
  const output = [2, ...(network.layers.at(-1)?.outputShape ?? [])];
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

/** Every layer class with the settings that matter. */
export const cases: Case[] = [
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
  ...(
    [
      ['Conv2D', { filters: 4, kernel_size: [3, 3], padding: 'same', use_bias: false }],
      ['Conv2D', { filters: 4, kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }],
      ['DepthwiseConv2D', { kernel_size: [3, 3], depth_multiplier: 2, padding: 'same' }],
      ['SeparableConv2D', { filters: 5, kernel_size: [3, 3], padding: 'same', use_bias: false }],
    ] as const
  ).map(([className, config]) =>
    makeCase(`${className} ${JSON.stringify(config)}, normalised by stored statistics`, [
      layer(className, config as unknown as Config, ['input'], 'convolution'),
      layer('BatchNormalization', { epsilon: 0.01 }, ['convolution'], 'normalized'),
      layer('ReLU', { max_value: 6 }, ['normalized']),
    ]),
  ),
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
