import {
  groupNormalizationConfig,
  groupsOf,
  leastSquares,
} from '../layers/normalization/groupNormalization.ts';
import { layerNormalizationConfig, normalizedAxes } from '../layers/normalization/layerNormalization.ts';
import {
  batchNormalizationConfig,
  normalizationConfig,
  rescalingConfig,
} from '../layers/normalization/normalization.ts';
import { sizeOf } from '../weights/weights.ts';
import type { ChannelAffine } from './convolutions.ts';
import { canFold, emitConv2d, emitDense, emitDepthwise, emitSeparable } from './convolutions.ts';
import type { Emission } from './emission.ts';
import { fromKeras, isImage, kerasInput, perChannel } from './emission.ts';

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

/** Over the last axes in Keras's layout, which ONNX has too. */
export function emitLayerNormalization(emission: Emission): string {
  const { graph, layer } = emission;
  const config = layerNormalizationConfig.parse(layer.config);
  const axes = normalizedAxes(config, layer.outputShape.length) ?? 1;
  const own = layer.outputShape.slice(-axes);
  const gamma = config.scale ? emission.weight('gamma').data : new Float32Array(sizeOf(own)).fill(1);
  const inputs = [kerasInput(emission), graph.constant(gamma, own)];
  if (config.center) inputs.push(graph.constant(emission.weight('beta').data, own));
  const value = graph.node('LayerNormalization', inputs, { axis: -axes, epsilon: { float: config.epsilon } });
  return fromKeras(emission, value);
}

/** Each group a row of its own, whose mean and variance InstanceNormalization takes away. */
export function emitGroupNormalization(emission: Emission): string {
  const { graph, layer } = emission;
  const config = groupNormalizationConfig.parse(layer.config);
  const { outputShape } = layer;
  const groups = groupsOf(config, outputShape.at(-1) ?? 1);
  const image = isImage(outputShape);
  // Groups are neighbours among the channels, which have to come before the places.
  const rank = outputShape.length + 1;
  const first = [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)];
  const last = [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1];
  const turn = !image && rank > 2;
  const x = turn ? graph.node('Transpose', [emission.input()], { perm: first }) : emission.input();
  const rows = graph.node('Reshape', [x, graph.integers([0, groups, -1])]);
  const one = graph.constant(new Float32Array(groups).fill(1));
  const zero = graph.constant(new Float32Array(groups));
  const normalized = graph.node('InstanceNormalization', [rows, one, zero], {
    epsilon: { float: config.epsilon },
  });
  const channels = [outputShape.at(-1) ?? 1, ...outputShape.slice(0, -1)];
  const back = graph.node('Reshape', [normalized, graph.integers([-1, ...channels])]);
  const value = turn ? graph.node('Transpose', [back], { perm: last }) : back;
  const ones = new Float32Array(outputShape.at(-1) ?? 1).fill(1);
  return affineOn(emission, value, {
    scale: config.scale ? emission.weight('gamma').data : ones,
    shift: config.center ? emission.weight('beta').data : new Float32Array(ones.length),
  });
}

export function emitUnitNormalization(emission: Emission): string {
  const { graph, layer } = emission;
  const x = emission.input();
  const axis = isImage(layer.outputShape) ? 1 : -1;
  const squares = graph.node('ReduceSumSquare', [x], { axes: [axis], keepdims: 1 });
  const length = graph.node('Sqrt', [graph.node('Max', [squares, graph.scalar(leastSquares)])]);
  return graph.node('Div', [x, length]);
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

function emitAffine(emission: Emission, affine: ChannelAffine): string {
  return affineOn(emission, emission.input(), affine);
}

function affineOn({ graph, layer }: Emission, value: string, { scale, shift }: ChannelAffine): string {
  const scaled = graph.node('Mul', [value, perChannel(graph, scale, layer.outputShape)]);
  return graph.node('Add', [scaled, perChannel(graph, shift, layer.outputShape)]);
}

export function emitNormalization(emission: Emission): string {
  const config = normalizationConfig.parse(emission.layer.config);
  const mean = Float32Array.from(config.mean ?? emission.weight('mean').data);
  const variance = Float32Array.from(config.variance ?? emission.weight('variance').data);
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), 1e-7));
  if (config.invert) return emitAffine(emission, { scale: deviation, shift: mean });
  const scale = deviation.map((value) => 1 / value);
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
