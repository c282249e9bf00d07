import { sizeOf } from '../../network/index.ts';
import { groupNormalizationConfig, groupsOf } from '../../network/layers/normalization/groupNormalization.ts';
import {
  layerNormalizationConfig,
  normalizedAxes,
} from '../../network/layers/normalization/layerNormalization.ts';
import {
  batchNormalizationConfig,
  normalizationConfig,
  rescalingConfig,
} from '../../network/layers/normalization/normalization.ts';
import type { Rewrite, Rewriting, StandardWeight } from './standardLayers.ts';

export const batchNormalization: Rewrite = ({ layer, last, input, weights }) => {
  const { momentum, epsilon, center, scale } = batchNormalizationConfig.parse(layer.config);
  last('BatchNormalization', { axis: -1, momentum, epsilon, center, scale }, [input()], weights());
  return null;
};

export const layerNormalization: Rewrite = ({ layer, last, input, weights }) => {
  const { epsilon, center, scale, ...config } = layerNormalizationConfig.parse(layer.config);
  const rank = layer.outputShape.length;
  const count = normalizedAxes({ epsilon, center, scale, ...config }, rank) ?? 1;
  const axis = count === 1 ? -1 : Array.from({ length: count }, (_, index) => rank + 1 - count + index);
  last('LayerNormalization', { axis, epsilon, center, scale }, [input()], weights());
  return null;
};

/**
 * TensorFlow.js has none: each group becomes a place of its own, over which a layer normalisation goes, and a depthwise
 * convolution of one pixel does the rest.
 */
export const groupNormalization: Rewrite = (rewriting) => {
  const { dialect, layer, step, last, input, weights } = rewriting;
  const { epsilon, center, scale, ...config } = groupNormalizationConfig.parse(layer.config);
  const { outputShape } = layer;
  const channels = outputShape.at(-1) ?? 1;
  const groups = groupsOf({ epsilon, center, scale, ...config }, channels);
  if (dialect === 'keras') {
    last('GroupNormalization', { groups, axis: -1, epsilon, center, scale }, [input()], weights());
    return null;
  }
  const reshape = (shape: readonly number[], x: string): string =>
    step('Reshape', { target_shape: [...shape] }, [x]);
  const turn = (x: string): string => step('Permute', { dims: [2, 1, 3] }, [x]);
  const places = sizeOf(outputShape) / channels;
  const grouped = turn(reshape([places, groups, channels / groups], input()));
  const settings = { axis: [2, 3], epsilon, center: false, scale: false };
  const normalized = turn(step('LayerNormalization', settings, [grouped]));
  const of = (name: string, otherwise: number): Float32Array =>
    weights().find((weight) => weight.name === name)?.value.data ??
    new Float32Array(channels).fill(otherwise);
  perChannel(rewriting, reshape(outputShape, normalized), of('gamma', 1), center ? of('beta', 0) : null);
  return null;
};

export const unitNormalization: Rewrite = ({ dialect, last, input }) => {
  if (dialect === 'tfjs') return 'TensorFlow.js has no UnitNormalization';
  last('UnitNormalization', { axis: -1 }, [input()]);
  return null;
};

/** Keras keeps the statistics in the configuration; TensorFlow.js has a batch normalisation do it. */
export const normalization: Rewrite = ({ dialect, layer, last, input, weight }) => {
  const config = normalizationConfig.parse(layer.config);
  const mean = config.mean ?? [...weight('mean').data];
  const variance = config.variance ?? [...weight('variance').data];
  if (config.invert) {
    const deviation = variance.map((value) => Math.max(Math.sqrt(value), 1e-7));
    const { config: standard, weights } = affine(deviation, [...mean]);
    last('BatchNormalization', standard, [input()], weights);
  } else if (dialect === 'keras') last('Normalization', { axis: -1, mean, variance }, [input()]);
  else {
    const { config: standard, weights } = frozenNormalization(mean, variance);
    last('BatchNormalization', standard, [input()], weights);
  }
  return null;
};

export const rescaling: Rewrite = ({ layer, last, input }) => {
  const { scale, offset } = rescalingConfig.parse(layer.config);
  if (typeof scale === 'number' && typeof offset === 'number') {
    last('Rescaling', { scale, offset }, [input()]);
    return null;
  }
  const channels = layer.outputShape.at(-1) ?? 1;
  const each = (value: number | readonly number[]): number[] =>
    Array.from({ length: channels }, (_, index) =>
      typeof value === 'number' ? value : (value[index % value.length] ?? 0),
    );
  const { config, weights } = affine(each(scale), each(offset));
  last('BatchNormalization', config, [input()], weights);
  return null;
};

/** ConvNeXt's factor for each channel. */
export const layerScale: Rewrite = (rewriting) => {
  perChannel(rewriting, rewriting.input(), rewriting.weight('gamma').data, null);
  return null;
};

/** x × scale + shift for each channel: of an image a depthwise convolution of one pixel, which goes on training. */
function perChannel(
  { layer, last }: Rewriting,
  x: string,
  scale: Float32Array,
  shift: Float32Array | null,
): void {
  if (layer.outputShape.length !== 3) {
    const { config, weights } = affine([...scale], [...(shift ?? new Float32Array(scale.length))]);
    last('BatchNormalization', config, [x], weights);
    return;
  }
  const weights = [{ name: 'depthwise_kernel', value: { shape: [1, 1, scale.length, 1], data: scale } }];
  if (shift !== null) weights.push({ name: 'bias', value: { shape: [shift.length], data: shift } });
  const config = { kernel_size: [1, 1], depth_multiplier: 1, use_bias: shift !== null, activation: 'linear' };
  last('DepthwiseConv2D', config, [x], weights);
}

/** The first input plus a multiple of the second. */
export const scaledSum: Rewrite = ({ layer, step, last, input }) => {
  const scaled = step('Rescaling', { scale: layer.config['scale'] ?? 1, offset: 0 }, [input(1)]);
  last('Add', {}, [input(0), scaled]);
  return null;
};

/** (x − mean) / √variance as a batch normalisation whose epsilon does not count. */
export function frozenNormalization(mean: readonly number[], variance: readonly number[]) {
  const weights = batchWeights(
    mean.map(() => 1),
    mean.map(() => 0),
    mean,
    variance.map((value) => Math.max(value, 1e-14)),
  );
  return { config: { axis: -1, momentum: 0.99, epsilon: 1e-14, center: true, scale: true }, weights };
}

/** x × scale + shift for each channel. */
function affine(scale: readonly number[], shift: readonly number[]) {
  const zero = scale.map(() => 0);
  const one = scale.map(() => 1);
  const config = { axis: -1, momentum: 0.99, epsilon: 1e-14, center: true, scale: true };
  return { config, weights: batchWeights(scale, shift, zero, one) };
}

function batchWeights(
  gamma: readonly number[],
  beta: readonly number[],
  mean: readonly number[],
  variance: readonly number[],
): StandardWeight[] {
  return Object.entries({ gamma, beta, moving_mean: mean, moving_variance: variance }).map(
    ([name, values]) => ({ name, value: { shape: [values.length], data: Float32Array.from(values) } }),
  );
}
