import type { Layer } from '../network.ts';

/** What a layer's cost follows from. */
export type CostedLayer = Pick<Layer, 'className' | 'outputShape' | 'weights'>;

/** Weights that a layer multiplies once with each position of its output. */
const kernels = new Set(['kernel', 'depthwise_kernel', 'pointwise_kernel', 'recurrent_kernel']);

/**
 * Multiply-adds of a layer for one image, as papers count them: those of convolutions and dense layers, 0 for
 * everything that works value by value. A transposed convolution counts its input's positions.
 * Sources: Howard et al. 2017 (1704.04861), section 3.1, for dense, depthwise and pointwise convolutions.
 * @param inputShape of its first input, without the batch dimension.
 */
export function multiplyAddsOf(layer: CostedLayer, inputShape: readonly number[]): number {
  const multiplied = layer.weights
    .filter(({ name }) => kernels.has(name))
    .reduce((sum, { shape }) => sum + product(shape), 0);
  const isTransposed = layer.className.endsWith('Transpose');
  return multiplied * product((isTransposed ? inputShape : layer.outputShape).slice(0, -1));
}

/** By layer's name, for a whole network. */
export function multiplyAddsByLayer(
  layers: readonly (CostedLayer & Pick<Layer, 'name' | 'inputs'>)[],
): ReadonlyMap<string, number> {
  const shapes = new Map(layers.map(({ name, outputShape }) => [name, outputShape]));
  return new Map(
    layers.map((layer) => [layer.name, multiplyAddsOf(layer, shapes.get(layer.inputs[0] ?? '') ?? [])]),
  );
}

function product(shape: readonly number[]): number {
  return shape.reduce((sum, dimension) => sum * dimension, 1);
}
