import type { Layer } from '../../../../shared/domain/network.ts';
import type { WeightArray } from '../weights/weights.ts';
import type { ActivationName } from '../layers/activation/activations.ts';
import { leakySlope } from '../layers/activation/activations.ts';
import { unreachable } from '../../../../shared/errors.ts';
import type { GraphBuilder } from './graphBuilder.ts';

/** What an emitter sees of the network: images are [N, C, H, W] in the graph, everything else as in Keras. */
export interface Emission {
  readonly graph: GraphBuilder;
  readonly layer: Layer;
  /** The values of the layer's inputs, computed when first asked for. */
  input(index?: number): string;
  /** Keras shape of an input, without the batch: [h, w, c] or [features]. */
  inputShape(index?: number): readonly number[];
  /** The layer at an input, if only this layer reads it and nothing else wants its value. */
  ownInput(index?: number): Layer | null;
  /** The same view of the layer at an input that `ownInput` gave. */
  inside(layer: Layer): Emission;
  weight(name: string): WeightArray;
}

/** Whether a Keras shape is an image, which is kept channels first. */
export function isImage(shape: readonly number[]): boolean {
  return shape.length === 3;
}

export function toChannelsFirst(graph: GraphBuilder, value: string): string {
  return graph.node('Transpose', [value], { perm: [0, 3, 1, 2] });
}

export function toChannelsLast(graph: GraphBuilder, value: string): string {
  return graph.node('Transpose', [value], { perm: [0, 2, 3, 1] });
}

/** The layer's only input as Keras lays it out. */
export function kerasInput(emission: Emission): string {
  const value = emission.input();
  return isImage(emission.inputShape()) ? toChannelsLast(emission.graph, value) : value;
}

/** A value in Keras's layout as the graph keeps it. */
export function fromKeras({ graph, layer }: Emission, value: string): string {
  return isImage(layer.outputShape) ? toChannelsFirst(graph, value) : value;
}

/** A constant with one value for each channel, shaped to fit a value of the given Keras shape. */
export function perChannel(graph: GraphBuilder, values: Float32Array, shape: readonly number[]): string {
  return graph.constant(values, isImage(shape) ? [1, values.length, 1, 1] : [values.length]);
}

/** Adds the nodes of a Keras activation function. */
export function emitActivation(
  graph: GraphBuilder,
  name: ActivationName,
  x: string,
  shape: readonly number[],
): string {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return graph.node('Relu', [x]);
    case 'relu6':
      return graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)]);
    case 'softmax':
      return graph.node('Softmax', [x], { axis: isImage(shape) ? 1 : -1 });
    case 'sigmoid':
      return graph.node('Sigmoid', [x]);
    case 'tanh':
      return graph.node('Tanh', [x]);
    case 'swish':
    case 'silu':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
    case 'hard_sigmoid':
      return graph.node('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } });
    case 'hard_sigmoid_3':
      return emitHardSigmoid(graph, x);
    case 'hard_swish':
    case 'hard_silu':
      return graph.node('Mul', [x, emitHardSigmoid(graph, x)]);
    case 'elu':
      return graph.node('Elu', [x]);
    case 'selu':
      return graph.node('Selu', [x]);
    case 'gelu': {
      const error = graph.node('Erf', [graph.node('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
      const half = graph.node('Mul', [x, graph.scalar(0.5)]);
      return graph.node('Mul', [half, graph.node('Add', [error, graph.scalar(1)])]);
    }
    case 'gelu_tanh': {
      const square = graph.node('Mul', [x, x]);
      const inner = graph.node('Add', [graph.node('Mul', [square, graph.scalar(0.044715)]), graph.scalar(1)]);
      const argument = graph.node('Mul', [
        graph.node('Mul', [x, inner]),
        graph.scalar(Math.sqrt(2 / Math.PI)),
      ]);
      const half = graph.node('Mul', [x, graph.scalar(0.5)]);
      const raised = graph.node('Add', [graph.node('Tanh', [argument]), graph.scalar(1)]);
      return graph.node('Mul', [half, raised]);
    }
    case 'leaky_relu':
      return graph.node('LeakyRelu', [x], { alpha: { float: leakySlope } });
    case 'softplus':
      return graph.node('Softplus', [x]);
    case 'softsign':
      return graph.node('Softsign', [x]);
    case 'mish':
      return graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]);
    case 'hard_tanh':
      return graph.node('Clip', [x, graph.scalar(-1), graph.scalar(1)]);
    default:
      return unreachable(name);
  }
}

/** relu6(x + 3) / 6. */
function emitHardSigmoid(graph: GraphBuilder, x: string): string {
  return graph.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
}
