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
  one('Conv2D', { filters: 6, kernel_size: [5, 3], padding: 'same', groups: 3, activation: 'relu' }),
  makeCase('Conv2D in two groups of channels', [
    layer('Conv2D', { filters: 4, kernel_size: 1 }, ['input'], 'four'),
    layer('Conv2D', { filters: 6, kernel_size: [3, 3], strides: [2, 2], groups: 2 }, ['four']),
  ]),
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
  one('SeparableConv2D', {
    filters: 4,
    kernel_size: [5, 5],
    strides: [2, 2],
    padding: 'valid',
    use_bias: false,
  }),
  one('SeparableConv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  onVector('Dense', { units: 4, activation: 'softmax' }),
  one('Dense', { units: 4, use_bias: false }),
  ...['BatchNormalization'].flatMap((name) => [
    one(name, { epsilon: 0.01 }),
    one(name, { scale: false, center: false }),
    one(name, { momentum: 0.9 }, undefined, true),
    one(name, { momentum: 0.9, scale: false }, undefined, true),
    one(name, { momentum: 0.9, center: false, axis: [3] }, undefined, true),
    // Two values a feature: with a small epsilon the input's gradient would be nothing but rounding.
    onVector(name, { momentum: 0.8, epsilon: 0.5 }, true),
  ]),
  one('LayerNormalization', { epsilon: 1e-6 }),
  one('LayerNormalization', { axis: [3], epsilon: 0.01, center: false }),
  one('LayerNormalization', { scale: false }),
  onVector('LayerNormalization', { axis: 1, epsilon: 0.001 }),
  one('LayerScale', { init_values: 1e-6, projection_dim: 3 }),
  one('Normalization', { axis: -1, mean: [0.1, 0.2, 0.3], variance: [1, 2, 3] }),
  one('Normalization', { axis: [3], mean: null, variance: null }),
  one('Rescaling', { scale: 0.25, offset: -1 }),
  one('Rescaling', { scale: [0.25, 1, 4] }),
  one('Rescaling', { scale: 1, offset: 3 }),
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
    'gelu_tanh',
    'hard_sigmoid_3',
    'hard_swish',
    'hard_silu',
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
  one('Dropout', { rate: 0.5, noise_shape: [null, 1, 1, 1] }),
  one('SpatialDropout2D', { rate: 0.5 }),
  one('StochasticDepth', { drop_path_rate: 0.5 }),
  one('MaxPooling2D', { pool_size: [2, 2], padding: 'valid' }),
  one('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  makeCase('MaxPooling2D of a border of zeros around negative values', [
    layer('Rescaling', { scale: 1, offset: -20 }, ['input'], 'negative'),
    layer('ZeroPadding2D', { padding: [1, 1] }, ['negative'], 'padded'),
    layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2] }, ['padded']),
  ]),
  one('AveragePooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [3, 3], strides: [1, 1], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [1, 1], strides: [2, 2], padding: 'valid' }),
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
  merge('CustomScaleLayer', { scale: 0.17 }),
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
  makeCase('squeeze and excite with a reshape', [
    layer('GlobalAveragePooling2D', {}, ['input'], 'squeeze'),
    layer('Reshape', { target_shape: [1, 1, 3] }, ['squeeze'], 'reshape'),
    layer('Conv2D', { filters: 2, kernel_size: 1, activation: 'swish' }, ['reshape'], 'reduce'),
    layer('Conv2D', { filters: 3, kernel_size: 1, activation: 'sigmoid' }, ['reduce'], 'expand'),
    layer('Multiply', {}, ['input', 'expand']),
  ]),
  makeCase('hard swish as MobileNetV3 writes it', [
    layer('Rescaling', { scale: 1, offset: 3 }, ['input'], 'shifted'),
    layer('ReLU', { max_value: 6 }, ['shifted'], 'bounded'),
    layer('Rescaling', { scale: 1 / 6, offset: 0 }, ['bounded'], 'scaled'),
    layer('Multiply', {}, ['input', 'scaled']),
  ]),
  makeCase('a ConvNeXt block', [
    layer('Conv2D', { filters: 3, kernel_size: 7, padding: 'same', groups: 3 }, ['input'], 'depthwise'),
    layer('LayerNormalization', { axis: [3], epsilon: 1e-6 }, ['depthwise'], 'norm'),
    layer('Dense', { units: 12 }, ['norm'], 'wide'),
    layer('Activation', { activation: 'gelu' }, ['wide'], 'gelu'),
    layer('Dense', { units: 3 }, ['gelu'], 'narrow'),
    layer('LayerScale', { init_values: 1, projection_dim: 3 }, ['narrow'], 'scale'),
    layer('Add', {}, ['input', 'scale']),
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
