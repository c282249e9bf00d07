import { unreachable } from '../../../../shared/errors.ts';
import type { Fused, GraphNode, LoweredGraph, NodeId, Operation } from '../lowering/graph.ts';
import type { Attribute } from './nodes.ts';
import type { NodeList } from './nodes.ts';

export interface EmitOptions {
  /** Convolutions with bias and activation as one node, which TensorFlow.js computes in one go. */
  readonly fuse: boolean;
  /** The tensor that is the image, already in the graph. */
  readonly image: string;
  /** Called with each value that depends on the image; what it returns is read instead. */
  readonly after?: (id: NodeId, value: string) => string;
}

const float: Attribute = { type: 'float32' };
const T = { T: float } as const;
const index: Attribute = { type: 'int32' };

/** Writes a lowered graph as TensorFlow operations and returns the name of its output. */
export function emitGraph(list: NodeList, graph: LoweredGraph, options: EmitOptions): string {
  const values: string[] = [];
  for (const [id, node] of graph.nodes.entries()) {
    const inputs = node.inputs.map((input) => values[input] ?? '');
    const value = emitNode(list, node, inputs, options);
    values.push(node.operation.op === 'constant' ? value : (options.after?.(id, value) ?? value));
  }
  return values[graph.output] ?? '';
}

function emitNode(
  list: NodeList,
  { operation, layer, shape, ...node }: GraphNode,
  inputs: readonly string[],
  { fuse, image }: EmitOptions,
): string {
  const [x = ''] = inputs;
  const simple = (op: string, attributes: Readonly<Record<string, Attribute>> = T): string =>
    list.add(`${layer}/${op}`, op, inputs, attributes);
  switch (operation.op) {
    case 'image':
      return image;
    case 'constant':
      return list.floats(`${layer}/constant`, operation.data, operation.data.length === 1 ? [] : shape);
    case 'conv2d':
    case 'depthwise':
    case 'dense':
      return emitWeighted(list, operation, layer, x, fuse);
    case 'add':
      return simple('AddV2');
    case 'subtract':
      return simple('Sub');
    case 'multiply':
      return simple('Mul');
    case 'maximum':
      return simple('Maximum');
    case 'minimum':
      return simple('Minimum');
    case 'relu':
      return simple('Relu');
    case 'relu6':
      return simple('Relu6');
    case 'sigmoid':
      return simple('Sigmoid');
    case 'tanh':
      return simple('Tanh');
    case 'elu':
      return simple('Elu');
    case 'selu':
      return simple('Selu');
    case 'rsqrt':
      return simple('Rsqrt');
    case 'log':
      return simple('Log');
    case 'softmax':
      return simple('Softmax');
    case 'gelu':
      return emitGelu(list, layer, x);
    case 'leakyRelu':
      return simple('LeakyRelu', { ...T, alpha: { number: operation.alpha } });
    case 'step': {
      const threshold = list.scalar(`${layer}/threshold`, operation.threshold);
      const above = list.add(`${layer}/GreaterEqual`, 'GreaterEqual', [x, threshold], T);
      const types = { SrcT: { type: 'bool' }, DstT: float, Truncate: { flag: false } } as const;
      return list.add(`${layer}/Cast`, 'Cast', [above], types);
    }
    case 'maxPool':
    case 'averagePool':
      return simple(operation.op === 'maxPool' ? 'MaxPool' : 'AvgPool', {
        ...T,
        ksize: { integers: [1, ...operation.window, 1] },
        strides: { integers: [1, ...operation.strides, 1] },
        padding: { text: operation.padding.toUpperCase() },
        data_format: { text: 'NHWC' },
      });
    case 'mean':
    case 'max': {
      const op = operation.op === 'mean' ? 'Mean' : 'Max';
      const attributes = { ...T, Tidx: index, keep_dims: { flag: operation.keepDimensions } };
      return list.add(`${layer}/${op}`, op, [x, list.integers(operation.axes)], attributes);
    }
    case 'reshape':
      return list.add(`${layer}/Reshape`, 'Reshape', [x, list.integers([-1, ...shape])], {
        ...T,
        Tshape: index,
      });
    case 'transpose': {
      const permutation = list.integers(operation.permutation);
      return list.add(`${layer}/Transpose`, 'Transpose', [x, permutation], { ...T, Tperm: index });
    }
    case 'concatenate': {
      const attributes = { ...T, N: { integer: node.inputs.length }, Tidx: index };
      const axis = list.integers([operation.axis], []);
      return list.add(`${layer}/ConcatV2`, 'ConcatV2', [...inputs, axis], attributes);
    }
    case 'pad': {
      const paddings = list.integers([0, 0, ...operation.rows, ...operation.columns, 0, 0], [4, 2]);
      return list.add(`${layer}/Pad`, 'Pad', [x, paddings], { ...T, Tpaddings: index });
    }
    case 'slice': {
      const range = [list.integers([0, ...operation.begin]), list.integers([-1, ...shape])];
      return list.add(`${layer}/Slice`, 'Slice', [x, ...range], { ...T, Index: index });
    }
    case 'repeat': {
      const size = list.integers(shape.slice(0, 2));
      const attributes = { ...T, align_corners: { flag: false }, half_pixel_centers: { flag: false } };
      return list.add(`${layer}/ResizeNearestNeighbor`, 'ResizeNearestNeighbor', [x, size], attributes);
    }
    default:
      return unreachable(operation);
  }
}

type Weighted = Extract<Operation, { op: 'conv2d' | 'depthwise' | 'dense' }>;

const activationOps: Readonly<Record<Exclude<Fused, 'none'>, string>> = { relu: 'Relu', relu6: 'Relu6' };

function emitWeighted(list: NodeList, operation: Weighted, layer: string, x: string, fuse: boolean): string {
  const { op, kernel, bias, fused } = operation;
  const weights = list.floats(`${layer}/kernel`, kernel.data, kernel.shape);
  const attributes = attributesOf(operation);
  const plain = { conv2d: 'Conv2D', depthwise: 'DepthwiseConv2dNative', dense: 'MatMul' }[op];
  const activation = fused === 'none' ? [] : [activationOps[fused]];
  if (bias === null) {
    const value = list.add(`${layer}/${plain}`, plain, [x, weights], attributes);
    return activation.reduce((input, name) => list.add(`${layer}/${name}`, name, [input], T), value);
  }
  const summand = list.floats(`${layer}/bias`, bias);
  if (fuse) {
    const together = {
      conv2d: '_FusedConv2D',
      depthwise: 'FusedDepthwiseConv2dNative',
      dense: '_FusedMatMul',
    }[op];
    return list.add(`${layer}/${plain}`, together, [x, weights, summand], {
      ...attributes,
      num_args: { integer: 1 },
      fused_ops: { texts: ['BiasAdd', ...activation] },
      epsilon: { number: 0 },
    });
  }
  const value = list.add(`${layer}/${plain}`, plain, [x, weights], attributes);
  // BiasAdd reads its last axis as channels, whatever the rank.
  const format = { ...T, data_format: { text: 'NHWC' } };
  const biased = list.add(`${layer}/BiasAdd`, 'BiasAdd', [value, summand], format);
  return activation.reduce((input, name) => list.add(`${layer}/${name}`, name, [input], T), biased);
}

function attributesOf(operation: Weighted): Readonly<Record<string, Attribute>> {
  if (operation.op === 'dense') return { ...T, transpose_a: { flag: false }, transpose_b: { flag: false } };
  const strides =
    operation.op === 'conv2d' ? operation.strides : ([operation.stride, operation.stride] as const);
  const dilations = operation.op === 'conv2d' ? operation.dilations : ([1, 1] as const);
  return {
    ...T,
    strides: { integers: [1, ...strides, 1] },
    padding: { text: operation.padding.toUpperCase() },
    data_format: { text: 'NHWC' },
    dilations: { integers: [1, ...dilations, 1] },
    explicit_paddings: { integers: [] },
  };
}

/** The exact form: 0.5 x (1 + erf(x / √2)). */
function emitGelu(list: NodeList, layer: string, x: string): string {
  const multiply = (a: string, b: string): string => list.add(`${layer}/Mul`, 'Mul', [a, b], T);
  const scaled = multiply(x, list.scalar(`${layer}/reciprocal`, Math.SQRT1_2));
  const error = list.add(`${layer}/Erf`, 'Erf', [scaled], T);
  const raised = list.add(`${layer}/AddV2`, 'AddV2', [error, list.scalar(`${layer}/one`, 1)], T);
  return multiply(multiply(x, list.scalar(`${layer}/half`, 0.5)), raised);
}
