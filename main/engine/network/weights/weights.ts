import { createHash } from 'node:crypto';
import type { Layer, Network } from '../../../../shared/domain/network.ts';

export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A network's weights by "layer/weight", e.g. "conv1/kernel". Kernels are in Keras's layout [h, w, in, out]. */
export type Weights = Map<string, WeightArray>;

/** The key of a layer's weight in `Weights`. */
export function weightKey(layer: string, weight: string): string {
  return `${layer}/${weight}`;
}

/** The product of a shape's dimensions. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The entries a network uses, in layer order; anything else is left out. */
export function weightsOf(network: Network, weights: ReadonlyMap<string, WeightArray>): Weights {
  const kept: Weights = new Map();
  for (const layer of network.layers) {
    for (const key of weightKeys(layer)) {
      const weight = weights.get(key);
      if (weight !== undefined) kept.set(key, weight);
    }
  }
  return kept;
}

/** The keys of a layer's weights, in Keras's order. */
export function weightKeys(layer: Layer): string[] {
  return layer.weights.map((weight) => weightKey(layer.name, weight.name));
}

/** SHA-256, hex, over names, shapes and values: the same weights have the same hash whatever file held them. */
export function hashWeights(weights: ReadonlyMap<string, WeightArray>): string {
  const hash = createHash('sha256');
  for (const key of [...weights.keys()].sort()) {
    const weight = weights.get(key);
    if (weight === undefined) continue;
    hash.update(`${key}[${weight.shape.join(',')}]\n`);
    hash.update(new Uint8Array(weight.data.buffer, weight.data.byteOffset, weight.data.byteLength));
  }
  return hash.digest('hex');
}
