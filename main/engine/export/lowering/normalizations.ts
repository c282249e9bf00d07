import {
  batchNormalizationConfig,
  normalizationConfig,
  rescalingConfig,
} from '../../network/layers/normalization.ts';
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
  const scale = variance.map((value) => 1 / Math.max(Math.sqrt(value), 1e-7));
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

/** (x − mean) / √(variance + epsilon) over the channels, times gamma, plus beta. */
export function lowerLayerNormalization({ graph, layer, input, weight }: Lowering): NodeId {
  const { epsilon, scale, center } = layer.config as { epsilon?: number; scale?: boolean; center?: boolean };
  const x = input();
  const axes = [layer.outputShape.length];
  const one = layer.outputShape.with(-1, 1);
  const mean = (value: NodeId): NodeId => graph.add({ op: 'mean', axes, keepDimensions: true }, [value], one);
  graph.precise = true;
  const centred = graph.elementwise('subtract', x, mean(x));
  const variance = mean(graph.elementwise('multiply', centred, centred));
  const deviation = graph.unary('rsqrt', graph.shifted(variance, epsilon ?? 1e-3));
  let value = graph.elementwise('multiply', centred, deviation);
  graph.precise = false;
  if (scale ?? true) value = graph.scaled(value, weight('gamma').data);
  return (center ?? true) ? graph.shifted(value, weight('beta').data) : value;
}

/** ConvNeXt's factor for each channel, which the layer before it takes in where it can. */
export function lowerLayerScale(lowering: Lowering): NodeId {
  const { data } = lowering.weight('gamma');
  return affine(lowering, data, new Float32Array(data.length));
}
