import {
  batchNormalizationConfig,
  normalizationConfig,
  rescalingConfig,
} from '../../network/layers/normalization.ts';
import type { Rewrite, Rewriting, StandardWeight } from './standardLayers.ts';

export const batchNormalization: Rewrite = ({ layer, last, input, weights }) => {
  const { momentum, epsilon, center, scale } = batchNormalizationConfig.parse(layer.config);
  last('BatchNormalization', { axis: -1, momentum, epsilon, center, scale }, [input()], weights());
  return null;
};

export const layerNormalization: Rewrite = ({ layer, last, input, weights }) => {
  const { epsilon, center, scale } = layer.config;
  const config = { axis: -1, epsilon: epsilon ?? 1e-3, center: center ?? true, scale: scale ?? true };
  last('LayerNormalization', config, [input()], weights());
  return null;
};

/** Keras keeps the statistics in the configuration; TensorFlow.js has a batch normalisation do it. */
export const normalization: Rewrite = ({ dialect, layer, last, input, weight }) => {
  const config = normalizationConfig.parse(layer.config);
  const mean = config.mean ?? [...weight('mean').data];
  const variance = config.variance ?? [...weight('variance').data];
  if (dialect === 'keras') last('Normalization', { axis: -1, mean, variance }, [input()]);
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

/** ConvNeXt's factor for each channel: a depthwise convolution of one pixel, which goes on training. */
export const layerScale: Rewrite = ({ layer, last, input, weight }: Rewriting) => {
  const { data } = weight('gamma');
  if (layer.outputShape.length !== 3) {
    const { config, weights } = affine([...data], [...data].fill(0));
    last('BatchNormalization', config, [input()], weights);
    return null;
  }
  const kernel = { shape: [1, 1, data.length, 1], data };
  const config = { kernel_size: [1, 1], depth_multiplier: 1, use_bias: false, activation: 'linear' };
  last('DepthwiseConv2D', config, [input()], [{ name: 'depthwise_kernel', value: kernel }]);
  return null;
};

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
