import { concatenateConfig } from '../../network/layers/merging.ts';
import { cropping2dConfig, permuteConfig, zeroPadding2dConfig } from '../../network/layers/shaping.ts';
import { isIdentity, matrixOf } from '../../network/layers/resampling/interpolation.ts';
import { resamplingOf, upSampling2dConfig } from '../../network/layers/resampling/resampling.ts';
import type { ElementwiseOp, NodeId } from './graph.ts';
import type { Lowering, LowerLayer } from './lowering.ts';

export const pass: LowerLayer = ({ input }) => input();

export function lowerReshape({ graph, layer, input }: Lowering): NodeId {
  return graph.reshaped(input(), layer.outputShape);
}

export function lowerPermute({ graph, layer, input }: Lowering): NodeId {
  const permutation = [0, ...permuteConfig.parse(layer.config).dims];
  return graph.add({ op: 'transpose', permutation }, [input()], layer.outputShape);
}

export function lowerZeroPadding({ graph, layer, input }: Lowering): NodeId {
  const [rows, columns] = zeroPadding2dConfig.parse(layer.config).padding;
  return graph.add({ op: 'pad', rows, columns }, [input()], layer.outputShape);
}

export function lowerCropping({ graph, layer, input }: Lowering): NodeId {
  const [[top], [left]] = cropping2dConfig.parse(layer.config).cropping;
  return graph.add({ op: 'slice', begin: [top, left, 0] }, [input()], layer.outputShape);
}

export function lowerUpSampling(lowering: Lowering): NodeId {
  const { graph, layer, input } = lowering;
  const { interpolation } = upSampling2dConfig.parse(layer.config);
  if (interpolation !== 'nearest') return lowerResampling(lowering);
  return graph.add({ op: 'repeat' }, [input()], layer.outputShape);
}

/** Rows and columns by a product with a matrix each, for which they take the place of the channels in turn. */
export function lowerResampling({ graph, layer, input, inputShape }: Lowering): NodeId {
  const { rows, columns } = resamplingOf(layer, inputShape());
  const turn = (x: NodeId, permutation: readonly number[]): NodeId => {
    const { shape } = graph.node(x);
    const turned = permutation.slice(1).map((axis) => shape[axis - 1] ?? 1);
    return graph.add({ op: 'transpose', permutation }, [x], turned);
  };
  let x = input();
  if (!isIdentity(rows)) x = turn(graph.mixed(turn(x, [0, 2, 3, 1]), matrixOf(rows)), [0, 3, 1, 2]);
  if (!isIdentity(columns)) x = turn(graph.mixed(turn(x, [0, 1, 3, 2]), matrixOf(columns)), [0, 1, 3, 2]);
  return x;
}

export function lowerRepeatVector({ graph, layer, input }: Lowering): NodeId {
  const [times = 1, features = 1] = layer.outputShape;
  const row = graph.reshaped(input(), [1, 1, features]);
  return graph.reshaped(graph.add({ op: 'repeat' }, [row], [times, 1, features]), layer.outputShape);
}

export function lowerConcatenate({ graph, layer, input }: Lowering): NodeId {
  const { axis } = concatenateConfig.parse(layer.config);
  const counted = axis < 0 ? layer.outputShape.length + 1 + axis : axis;
  const values = layer.inputs.map((_, index) => input(index));
  return graph.add({ op: 'concatenate', axis: counted }, values, layer.outputShape);
}

export function lowerMerge(op: ElementwiseOp): LowerLayer {
  return ({ graph, layer, input }) =>
    layer.inputs.map((_, index) => input(index)).reduce((left, right) => graph.elementwise(op, left, right));
}

export function lowerAverage(lowering: Lowering): NodeId {
  return lowering.graph.scaled(lowerMerge('add')(lowering), 1 / lowering.layer.inputs.length);
}

/** InceptionResNetV2's residual: the first input plus a multiple of the second. */
export function lowerScaledSum({ graph, layer, input }: Lowering): NodeId {
  const { scale } = layer.config as { scale: number };
  return graph.elementwise('add', input(0), graph.scaled(input(1), scale));
}
