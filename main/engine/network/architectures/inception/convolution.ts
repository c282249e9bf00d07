import type { Composition, Value } from '../compose/composition.ts';

export type Kernel = number | readonly [rows: number, columns: number];

/** One step of a branch: width and kernel of a convolution, which may shrink the image. */
export type Step = readonly [filters: number, kernel: Kernel, shrink?: 'shrink'];

/** A convolution, its normalisation without gamma, a ReLU: what both Inception networks are made of. */
export function convolve(
  net: Composition,
  x: Value,
  filters: number,
  kernel: Kernel,
  options: { readonly strides?: number; readonly padding?: 'valid' | 'same'; readonly name?: string } = {},
): Value {
  const { strides = 1, padding = 'same', name } = options;
  const named = (suffix: string): { name?: string } => (name === undefined ? {} : { name: name + suffix });
  let value = net.conv(x, filters, kernel, { strides, padding, bias: false, ...named('') });
  value = net.batchNorm(value, { scale: false, ...named('_bn') });
  return net.activation(value, 'relu', named('_ac').name);
}

/** Convolutions one after the other; one that shrinks has stride 2 and no padding. */
export function branch(net: Composition, input: Value, steps: readonly Step[]): Value {
  let x = input;
  for (const [filters, kernel, shrink] of steps)
    x = convolve(net, x, filters, kernel, shrink === undefined ? {} : { strides: 2, padding: 'valid' });
  return x;
}

/** The average of each pixel's neighbourhood, then a 1 × 1 convolution. */
export function poolBranch(net: Composition, input: Value, filters: number): Value {
  const pooled = net.averagePool(input, 3, { strides: 1, padding: 'same' });
  return convolve(net, pooled, filters, 1);
}

/** The stem both share: from 299 pixels to 35, 192 channels. */
export function inceptionStem(net: Composition, image: Value): Value {
  let x = convolve(net, image, 32, 3, { strides: 2, padding: 'valid' });
  x = convolve(net, x, 32, 3, { padding: 'valid' });
  x = convolve(net, x, 64, 3);
  x = net.maxPool(x, 3, { strides: 2 });
  x = convolve(net, x, 80, 1, { padding: 'valid' });
  x = convolve(net, x, 192, 3, { padding: 'valid' });
  return net.maxPool(x, 3, { strides: 2 });
}
