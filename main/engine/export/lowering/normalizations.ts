import { sizeOf } from '../../network/index.ts';
import {
  groupNormalizationConfig,
  groupsOf,
  leastSquares,
} from '../../network/layers/normalization/groupNormalization.ts';
import {
  layerNormalizationConfig,
  normalizedAxes,
} from '../../network/layers/normalization/layerNormalization.ts';
import {
  batchNormalizationConfig,
  normalizationConfig,
  rescalingConfig,
} from '../../network/layers/normalization/normalization.ts';
import type { LoweringBuilder } from './builder.ts';
import type { NodeId } from './graph.ts';
import type { Lowering } from './lowering.ts';

/** In inference mode a factor and a summand, which the layer before it takes in where it can. */
export function lowerBatchNormalization(lowering: Lowering): NodeId {
  const { layer, weight } = lowering;
  const config = batchNormalizationConfig.parse(layer.config);
  const mean = weight('moving_mean').data;
  const gamma = config.scale ? weight('gamma').data : null;
  const beta = config.center ? weight('beta').data : null;
  const scale = weight('moving_variance').data.map(
    (value, index) => (gamma?.[index] ?? 1) / Math.sqrt(value + config.epsilon),
  );
  const shift = scale.map((value, index) => (beta?.[index] ?? 0) - (mean[index] ?? 0) * value);
  return affine(lowering, scale, shift);
}

export function lowerNormalization(lowering: Lowering): NodeId {
  const { layer, weight } = lowering;
  const config = normalizationConfig.parse(layer.config);
  const mean = Float32Array.from(config.mean ?? weight('mean').data);
  const variance = Float32Array.from(config.variance ?? weight('variance').data);
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), 1e-7));
  if (config.invert) return affine(lowering, deviation, mean);
  const scale = deviation.map((value) => 1 / value);
  return affine(
    lowering,
    scale,
    scale.map((value, index) => -(mean[index] ?? 0) * value),
  );
}

function affine({ graph, input, owns }: Lowering, scale: Float32Array, shift: Float32Array): NodeId {
  const x = input();
  if (owns() && graph.fold(x, scale, shift)) return x;
  return graph.shifted(graph.scaled(x, scale), shift);
}

export function lowerRescaling({ graph, layer, input }: Lowering): NodeId {
  const { scale, offset } = rescalingConfig.parse(layer.config);
  const values = (value: number | readonly number[]): number | Float32Array =>
    typeof value === 'number' ? value : Float32Array.from(value);
  return graph.shifted(graph.scaled(input(), values(scale)), values(offset));
}

/** (x − mean) / √(variance + epsilon) over the last axes, times gamma, plus beta. */
export function lowerLayerNormalization({ graph, layer, input, weight }: Lowering): NodeId {
  const { epsilon, scale, center, ...config } = layerNormalizationConfig.parse(layer.config);
  const rank = layer.outputShape.length;
  const count = normalizedAxes({ epsilon, scale, center, ...config }, rank) ?? 1;
  const axes = Array.from({ length: count }, (_, index) => rank + 1 - count + index);
  const one = layer.outputShape.map((length, axis) => (axis + count >= rank ? 1 : length));
  let value = standardized(graph, input(), epsilon, (of) =>
    graph.add({ op: 'mean', axes, keepDimensions: true }, [of], one),
  );
  const own = (name: string): NodeId => graph.constant(weight(name).data, weight(name).shape);
  if (scale) value = graph.elementwise('multiply', value, own('gamma'));
  return center ? graph.elementwise('add', value, own('beta')) : value;
}

/** The mean over all places and over the channels of a group, which a product with a matrix of blocks gives. */
export function lowerGroupNormalization({ graph, layer, input, weight }: Lowering): NodeId {
  const config = groupNormalizationConfig.parse(layer.config);
  const channels = layer.outputShape.at(-1) ?? 1;
  const each = channels / groupsOf(config, channels);
  const blocks = Float32Array.from({ length: channels * channels }, (_, at) =>
    Math.floor(at / channels / each) === Math.floor((at % channels) / each) ? 1 / each : 0,
  );
  const isImage = layer.outputShape.length === 3;
  const image = isImage
    ? input()
    : graph.reshaped(input(), [sizeOf(layer.outputShape.slice(0, -1)), 1, channels]);
  let value = standardized(graph, image, config.epsilon, (of) => {
    const everywhere = graph.add({ op: 'mean', axes: [1, 2], keepDimensions: true }, [of], [1, 1, channels]);
    return each === 1 ? everywhere : graph.mixed(everywhere, { shape: [channels, channels], data: blocks });
  });
  if (config.scale) value = graph.scaled(value, weight('gamma').data);
  if (config.center) value = graph.shifted(value, weight('beta').data);
  return graph.reshaped(value, layer.outputShape);
}

function standardized(
  graph: LoweringBuilder,
  x: NodeId,
  epsilon: number,
  mean: (of: NodeId) => NodeId,
): NodeId {
  return graph.precisely(() => {
    const centred = graph.elementwise('subtract', x, mean(x));
    const variance = mean(graph.elementwise('multiply', centred, centred));
    const deviation = graph.unary('rsqrt', graph.shifted(variance, epsilon));
    return graph.elementwise('multiply', centred, deviation);
  });
}

/** Each place's channels divided by their length. */
export function lowerUnitNormalization({ graph, layer, input }: Lowering): NodeId {
  const rank = layer.outputShape.length;
  const x = input();
  return graph.precisely(() => {
    const squares = graph.elementwise('multiply', x, x);
    const one = layer.outputShape.with(-1, 1);
    const mean = graph.add({ op: 'mean', axes: [rank], keepDimensions: true }, [squares], one);
    const sum = graph.scaled(mean, layer.outputShape.at(-1) ?? 1);
    const length = graph.unary('rsqrt', graph.elementwise('maximum', sum, graph.constant([leastSquares])));
    return graph.elementwise('multiply', x, length);
  });
}

/** ConvNeXt's factor for each channel, which the layer before it takes in where it can. */
export function lowerLayerScale(lowering: Lowering): NodeId {
  const { data } = lowering.weight('gamma');
  return affine(lowering, data, new Float32Array(data.length));
}
