import { concatenateConfig, scaledSumConfig } from '../layers/merging.ts';
import {
  cropping2dConfig,
  permuteConfig,
  repeatVectorConfig,
  zeroPadding2dConfig,
} from '../layers/shaping.ts';
import { isIdentity } from '../layers/resampling/interpolation.ts';
import { resamplingOf, upSampling2dConfig } from '../layers/resampling/resampling.ts';
import type { Emission } from './emission.ts';
import { fromKeras, isImage, kerasInput } from './emission.ts';

/** Row by row with channels innermost, so an image goes back to Keras's layout first. */
export function emitReshape(emission: Emission): string {
  const { graph, layer } = emission;
  const target = graph.integers([-1, ...layer.outputShape]);
  return fromKeras(emission, graph.node('Reshape', [kerasInput(emission), target]));
}

export function emitPermute(emission: Emission): string {
  const { dims } = permuteConfig.parse(emission.layer.config);
  const turned = emission.graph.node('Transpose', [kerasInput(emission)], { perm: [0, ...dims] });
  return fromKeras(emission, turned);
}

/**
 * As good as zero, and not zero: ONNX Runtime merges a Pad of zeros into the MaxPool behind it, whose own padding counts as
 * minus infinity, so that a maximum among negative values at the border would lose its zero.
 */
const almostZero = 1e-30;

export function emitZeroPadding(emission: Emission): string {
  const { graph, layer } = emission;
  const [rows, columns] = zeroPadding2dConfig.parse(layer.config).padding;
  const pads = graph.integers([0, 0, rows[0], columns[0], 0, 0, rows[1], columns[1]]);
  return graph.node('Pad', [emission.input(), pads, graph.scalar(almostZero)]);
}

export function emitCropping(emission: Emission): string {
  const { graph, layer } = emission;
  const [[top], [left]] = cropping2dConfig.parse(layer.config).cropping;
  const [height = 0, width = 0] = layer.outputShape;
  return graph.node('Slice', [
    emission.input(),
    graph.integers([top, left]),
    graph.integers([top + height, left + width]),
    graph.integers([2, 3]),
  ]);
}

export function emitUpSampling(emission: Emission): string {
  const { graph, layer } = emission;
  const { size, interpolation } = upSampling2dConfig.parse(layer.config);
  if (interpolation !== 'nearest') return emitResampling(emission);
  return graph.node('Resize', [emission.input(), '', graph.constant([1, 1, ...size])], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** Rows and columns by a product with a matrix each, so that pixels are those of Keras whatever the runtime. */
export function emitResampling(emission: Emission): string {
  const { graph, layer } = emission;
  const { rows, columns } = resamplingOf(layer, emission.inputShape());
  const tall = isIdentity(rows)
    ? emission.input()
    : graph.node('MatMul', [graph.constant(rows.weights, [rows.to, rows.from]), emission.input()]);
  if (isIdentity(columns)) return tall;
  const across = graph.constant(columns.weights, [columns.to, columns.from]);
  return graph.node('MatMul', [tall, graph.node('Transpose', [across], { perm: [1, 0] })]);
}

export function emitRepeatVector(emission: Emission): string {
  const { graph, layer } = emission;
  const { n } = repeatVectorConfig.parse(layer.config);
  const row = graph.node('Unsqueeze', [emission.input(), graph.integers([1])]);
  return graph.node('Tile', [row, graph.integers([1, n, 1])]);
}

/** Where Keras's [batch, h, w, c] axes are in [N, C, H, W]. */
const channelsFirstAxis = [0, 2, 3, 1];

export function emitConcatenate(emission: Emission): string {
  const { graph, layer } = emission;
  const { axis } = concatenateConfig.parse(layer.config);
  const counted = axis < 0 ? layer.outputShape.length + 1 + axis : axis;
  const values = layer.inputs.map((_, index) => emission.input(index));
  return graph.node('Concat', values, {
    axis: isImage(layer.outputShape) ? (channelsFirstAxis[counted] ?? 1) : counted,
  });
}

/** Adds, multiplies… all inputs, two at a time. */
export function emitMerge(op: 'Add' | 'Sub' | 'Mul' | 'Max' | 'Min'): (emission: Emission) => string {
  return (emission) =>
    emission.layer.inputs
      .map((_, index) => emission.input(index))
      .reduce((left, right) => emission.graph.node(op, [left, right]));
}

export function emitAverage(emission: Emission): string {
  const { graph, layer } = emission;
  return graph.node('Div', [emitMerge('Add')(emission), graph.scalar(layer.inputs.length)]);
}

/** The first input plus a multiple of the second. */
export function emitScaledSum(emission: Emission): string {
  const { graph, layer } = emission;
  const { scale } = scaledSumConfig.parse(layer.config);
  const scaled =
    scale === 1 ? emission.input(1) : graph.node('Mul', [emission.input(1), graph.scalar(scale)]);
  return graph.node('Add', [emission.input(0), scaled]);
}
