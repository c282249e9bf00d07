import type { WeightArray } from '../../network/index.ts';

/**
 * A network in inference mode as the operations that every runtime has, with images as [batch, height, width, channels].
 * One vocabulary between Keras's layers and the formats made of operations: GraphDef and TensorFlow Lite.
 */

export type Fused = 'none' | 'relu' | 'relu6';
export type Pair = readonly [number, number];
export type Padding = 'same' | 'valid';

export type ElementwiseOp = 'add' | 'subtract' | 'multiply' | 'maximum' | 'minimum';
export type UnaryOp =
  'relu' | 'relu6' | 'sigmoid' | 'tanh' | 'elu' | 'selu' | 'gelu' | 'softmax' | 'rsqrt' | 'log';

export type Operation =
  | { readonly op: 'image' }
  /** A value that does not depend on the image; its shape is whole, without a batch. */
  | { readonly op: 'constant'; readonly data: Float32Array }
  /** Kernel [h, w, in, out]. */
  | {
      readonly op: 'conv2d';
      readonly kernel: WeightArray;
      readonly bias: Float32Array | null;
      readonly strides: Pair;
      readonly dilations: Pair;
      readonly padding: Padding;
      readonly fused: Fused;
    }
  /** Kernel [h, w, channels, multiplier]; both strides are equal. */
  | {
      readonly op: 'depthwise';
      readonly kernel: WeightArray;
      readonly bias: Float32Array | null;
      readonly stride: number;
      readonly padding: Padding;
      readonly fused: Fused;
    }
  /** On [batch, features]; kernel [in, out]. */
  | {
      readonly op: 'dense';
      readonly kernel: WeightArray;
      readonly bias: Float32Array | null;
      readonly fused: Fused;
    }
  | { readonly op: ElementwiseOp }
  | { readonly op: UnaryOp }
  | { readonly op: 'leakyRelu'; readonly alpha: number }
  /** 1 where the input is at least the threshold, else 0. */
  | { readonly op: 'step'; readonly threshold: number }
  | {
      readonly op: 'maxPool' | 'averagePool';
      readonly window: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
    }
  /** Axes count the batch as 0. */
  | { readonly op: 'mean' | 'max'; readonly axes: readonly number[]; readonly keepDimensions: boolean }
  | { readonly op: 'reshape' }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  | { readonly op: 'concatenate'; readonly axis: number }
  | { readonly op: 'pad'; readonly rows: Pair; readonly columns: Pair }
  /** From `begin`, as much as the shape says; without the batch. */
  | { readonly op: 'slice'; readonly begin: readonly number[] }
  | { readonly op: 'repeat' };

/** The position of a node in its graph. */
export type NodeId = number;

export interface GraphNode {
  readonly operation: Operation;
  readonly inputs: readonly NodeId[];
  /** Without the batch, except a constant's. */
  readonly shape: readonly number[];
  /** The layer it came from, for names. */
  readonly layer: string;
  /** Whether it needs the precision of floats, also in a model of whole numbers: squares, their means and roots. */
  readonly precise: boolean;
}

/** Nodes in an order in which every input comes before its readers. */
export interface LoweredGraph {
  readonly nodes: readonly GraphNode[];
  readonly image: NodeId;
  readonly output: NodeId;
}

/** What can take a following activation into itself. */
export type Fusable = Extract<Operation, { fused: Fused }>;

export function isFusable(operation: Operation): operation is Fusable {
  return 'fused' in operation;
}

/** How often each node is read; the output counts as read. */
export function readersOf({ nodes, output }: LoweredGraph): number[] {
  const readers = nodes.map(() => 0);
  for (const { inputs } of nodes) for (const input of inputs) readers[input] = (readers[input] ?? 0) + 1;
  readers[output] = (readers[output] ?? 0) + 1;
  return readers;
}
