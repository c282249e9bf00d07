import { concatenateConfig } from '../../network/layers/merging.ts';
import { cropping2dConfig, permuteConfig, zeroPadding2dConfig } from '../../network/layers/shaping.ts';
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

/** Nearest neighbour by whole factors: each pixel repeated. */
export function lowerUpSampling({ graph, layer, input }: Lowering): NodeId {
  return graph.add({ op: 'repeat' }, [input()], layer.outputShape);
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
