import { layerNormalizationConfig } from '../layers/layerNormalization.ts';
import { batchNormalizationConfig, normalizationConfig, rescalingConfig } from '../layers/normalization.ts';
import type { ChannelAffine } from './convolutions.ts';
import { canFold, emitConv2d, emitDense, emitDepthwise, emitSeparable } from './convolutions.ts';
import type { Emission } from './emission.ts';
import { fromKeras, kerasInput, perChannel } from './emission.ts';

const folding = {
  Conv2D: emitConv2d,
  DepthwiseConv2D: emitDepthwise,
  SeparableConv2D: emitSeparable,
  Dense: emitDense,
} as const;

/** In inference mode a batch normalisation is a factor and a summand, which the convolution before it absorbs. */
export function emitBatchNormalization(emission: Emission): string {
  const affine = affineOf(emission);
  const before = emission.ownInput();
  if (before !== null && canFold(before))
    return folding[before.className as keyof typeof folding](emission.inside(before), affine);
  return emitAffine(emission, affine);
}

/** Over the channels, which ONNX wants last. */
export function emitLayerNormalization(emission: Emission): string {
  const { graph, layer } = emission;
  const config = layerNormalizationConfig.parse(layer.config);
  const channels = layer.outputShape.at(-1) ?? 1;
  const gamma = config.scale ? emission.weight('gamma').data : new Float32Array(channels).fill(1);
  const inputs = [kerasInput(emission), graph.constant(gamma)];
  if (config.center) inputs.push(graph.constant(emission.weight('beta').data));
  const value = graph.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: config.epsilon } });
  return fromKeras(emission, value);
}

export function emitLayerScale(emission: Emission): string {
  const { graph, layer } = emission;
  const gamma = perChannel(graph, emission.weight('gamma').data, layer.outputShape);
  return graph.node('Mul', [emission.input(), gamma]);
}

/** y = γ (x − μ) / √(σ² + ε) + β as x × scale + shift. */
function affineOf({ layer, weight }: Emission): ChannelAffine {
  const config = batchNormalizationConfig.parse(layer.config);
  const mean = weight('moving_mean').data;
  const variance = weight('moving_variance').data;
  const gamma = config.scale ? weight('gamma').data : null;
  const beta = config.center ? weight('beta').data : null;
  const scale = variance.map((value, index) => (gamma?.[index] ?? 1) / Math.sqrt(value + config.epsilon));
  const shift = scale.map((value, index) => (beta?.[index] ?? 0) - (mean[index] ?? 0) * value);
  return { scale, shift };
}

function emitAffine(emission: Emission, { scale, shift }: ChannelAffine): string {
  const { graph, layer } = emission;
  const scaled = graph.node('Mul', [emission.input(), perChannel(graph, scale, layer.outputShape)]);
  return graph.node('Add', [scaled, perChannel(graph, shift, layer.outputShape)]);
}

export function emitNormalization(emission: Emission): string {
  const config = normalizationConfig.parse(emission.layer.config);
  const mean = Float32Array.from(config.mean ?? emission.weight('mean').data);
  const variance = Float32Array.from(config.variance ?? emission.weight('variance').data);
  const scale = variance.map((value) => 1 / Math.max(Math.sqrt(value), 1e-7));
  return emitAffine(emission, { scale, shift: scale.map((value, index) => -(mean[index] ?? 0) * value) });
}

export function emitRescaling(emission: Emission): string {
  const { scale, offset } = rescalingConfig.parse(emission.layer.config);
  const { graph, layer } = emission;
  const constant = (value: number | readonly number[]): string =>
    typeof value === 'number'
      ? graph.scalar(value)
      : perChannel(graph, Float32Array.from(value), layer.outputShape);
  const scaled = scale === 1 ? emission.input() : graph.node('Mul', [emission.input(), constant(scale)]);
  return offset === 0 ? scaled : graph.node('Add', [scaled, constant(offset)]);
}
