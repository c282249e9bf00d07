import {
  convolutionConfig,
  depthwiseConfig,
  separableConfig,
} from '../../network/layers/convolution/convolution.ts';
import { outputPaddingOf, transposedConfig } from '../../network/layers/convolution/transposed.ts';
import { denseConfig } from '../../network/layers/dense.ts';
import { withActivation } from './activations.ts';
import { spreadTaps } from '../lowering/convolutions.ts';
import type { Rewrite, Rewriting, StandardConfig, StandardWeight } from './standardLayers.ts';

interface Window {
  readonly kernel_size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly dilation_rate: readonly [number, number];
  readonly use_bias: boolean;
}

function windowConfig(config: Window): StandardConfig {
  return {
    kernel_size: [...config.kernel_size],
    strides: [...config.strides],
    padding: config.padding,
    data_format: 'channels_last',
    dilation_rate: [...config.dilation_rate],
    use_bias: config.use_bias,
  };
}

export const conv2d: Rewrite = (rewriting) => {
  const { dialect, layer, input, weights } = rewriting;
  const config = convolutionConfig.parse(layer.config);
  const groups = config.groups ?? 1;
  const standard = { filters: config.filters, ...windowConfig(config) };
  if (groups === 1 || dialect === 'keras') {
    const grouped = groups === 1 ? standard : { ...standard, groups };
    return withActivation(rewriting, 'Conv2D', grouped, config.activation, [input()], weights());
  }
  return groups === rewriting.inputShape().at(-1)
    ? groupsOfOne(rewriting, config)
    : spreadGroups(rewriting, config, groups);
};

/** A dense kernel larger than this is refused: 64 MB. */
const mostDense = 16 * 2 ** 20;

/** TensorFlow.js has no groups: a dense kernel with zeros between them computes the same. */
function spreadGroups(
  rewriting: Rewriting,
  config: Window & { readonly filters: number; readonly activation: string },
  groups: number,
): string | null {
  const { shape, data } = rewriting.weight('kernel');
  const [rows = 1, columns = 1, each = 1, filters = 1] = shape;
  const channels = each * groups;
  if (data.length * groups > mostDense)
    return `TensorFlow.js has no convolution in groups, and its ${groups} are too large to be spread out`;
  const dense = new Float32Array(data.length * groups);
  const own = filters / groups;
  for (let position = 0; position < rows * columns; position += 1)
    for (let input = 0; input < each; input += 1)
      for (let filter = 0; filter < filters; filter += 1) {
        const channel = Math.floor(filter / own) * each + input;
        dense[(position * channels + channel) * filters + filter] =
          data[(position * each + input) * filters + filter] ?? 0;
      }
  const kernel = { shape: [rows, columns, channels, filters], data: dense };
  const weights = rewriting
    .weights()
    .map((weight) => (weight.name === 'kernel' ? { ...weight, value: kernel } : weight));
  const standard = { filters: config.filters, ...windowConfig(config) };
  return withActivation(rewriting, 'Conv2D', standard, config.activation, [rewriting.input()], weights);
}

/** Groups of one channel each are a depthwise convolution. */
function groupsOfOne(
  rewriting: Rewriting,
  config: Window & { readonly filters: number; readonly activation: string },
): string | null {
  const channels = rewriting.inputShape().at(-1) ?? 1;
  const [rows = 1, columns = 1] = config.kernel_size;
  const multiplier = config.filters / channels;
  const kernel = { shape: [rows, columns, channels, multiplier], data: rewriting.weight('kernel').data };
  const weights = rewriting
    .weights()
    .map((weight) => (weight.name === 'kernel' ? { name: 'depthwise_kernel', value: kernel } : weight));
  const standard = { depth_multiplier: multiplier, ...windowConfig(config) };
  return withActivation(
    rewriting,
    'DepthwiseConv2D',
    standard,
    config.activation,
    [rewriting.input()],
    weights,
  );
}

/**
 * TensorFlow.js leaves the dilation of a depthwise convolution to its backend, and the native one for Node ignores it: the
 * taps are spread apart in the kernel instead.
 */
function undilated<W extends Window>(
  rewriting: Rewriting,
  config: W,
): { config: W; weights: StandardWeight[] } {
  const weights = rewriting.weights();
  const [down, right] = config.dilation_rate;
  if (rewriting.dialect === 'keras' || (down === 1 && right === 1)) return { config, weights };
  const kernel = spreadTaps(rewriting.weight('depthwise_kernel'), config.dilation_rate);
  const [rows = 1, columns = 1] = kernel.shape;
  return {
    config: { ...config, kernel_size: [rows, columns], dilation_rate: [1, 1] },
    weights: weights.map((one) => (one.name === 'depthwise_kernel' ? { ...one, value: kernel } : one)),
  };
}

export const depthwise: Rewrite = (rewriting) => {
  const own = depthwiseConfig.parse(rewriting.layer.config);
  const { config, weights } = undilated(rewriting, own);
  const standard = { depth_multiplier: config.depth_multiplier, ...windowConfig(config) };
  const inputs = [rewriting.input()];
  return withActivation(rewriting, 'DepthwiseConv2D', standard, config.activation, inputs, weights);
};

export const separable: Rewrite = (rewriting) => {
  const own = separableConfig.parse(rewriting.layer.config);
  const { config, weights } = undilated(rewriting, own);
  const { filters, depth_multiplier } = config;
  const standard = { filters, depth_multiplier, ...windowConfig(config) };
  const inputs = [rewriting.input()];
  return withActivation(rewriting, 'SeparableConv2D', standard, config.activation, inputs, weights);
};

export const transposed: Rewrite = (rewriting) => {
  const { dialect, layer, input, weights } = rewriting;
  const config = transposedConfig.parse(layer.config);
  const extra = outputPaddingOf(config, rewriting.inputShape());
  const { filters, activation } = config;
  const standard = { filters, ...windowConfig(config) };
  if (dialect === 'keras') {
    const own = { ...standard, output_padding: extra === null ? null : [...extra] };
    return withActivation(rewriting, 'Conv2DTranspose', own, activation, [input()], weights());
  }
  if (extra !== null) return 'TensorFlow.js has no output_padding';
  const kernel = spreadTaps(rewriting.weight('kernel'), config.dilation_rate);
  const [rows = 1, columns = 1] = kernel.shape;
  const own = { ...standard, kernel_size: [rows, columns], dilation_rate: [1, 1] };
  const spread = weights().map((one) => (one.name === 'kernel' ? { ...one, value: kernel } : one));
  return withActivation(rewriting, 'Conv2DTranspose', own, activation, [input()], spread);
};

export const dense: Rewrite = (rewriting) => {
  const { units, use_bias, activation } = denseConfig.parse(rewriting.layer.config);
  const { input, weights } = rewriting;
  return withActivation(rewriting, 'Dense', { units, use_bias }, activation, [input()], weights());
};
