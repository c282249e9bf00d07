import type { Network } from '../../../../shared/domain/network.ts';
import { createRandom } from './random.ts';
import type { Weights } from './weights.ts';
import { sizeOf, weightKey } from './weights.ts';

const ones: ReadonlySet<string> = new Set(['gamma', 'moving_variance', 'variance']);

/**
 * Weights as Keras initialises them, from a seed: kernels Glorot-uniform (Glorot and Bengio 2010, eq. 16), gamma and
 * variances one, LayerScale's gamma as configured, the rest zero. For measuring what pretraining is worth.
 */
export function randomWeights(network: Network, seed: number): Weights {
  const weights: Weights = new Map();
  for (const layer of network.layers) {
    const random = createRandom(seed, `weights/${layer.name}`);
    for (const { name, shape } of layer.weights) {
      const data = new Float32Array(sizeOf(shape));
      if (name.endsWith('kernel')) {
        const limit = glorotLimit(shape);
        for (let index = 0; index < data.length; index += 1) data[index] = random.uniform(-limit, limit);
      } else if (ones.has(name)) {
        const { init_values: initial } = layer.config;
        data.fill(layer.className === 'LayerScale' && typeof initial === 'number' ? initial : 1);
      }
      weights.set(weightKey(layer.name, name), { shape, data });
    }
  }
  return weights;
}

/** √(6 / (fan in + fan out)), the fans counted as Keras does: receptive field × channels. */
export function glorotLimit(shape: readonly number[]): number {
  const field = sizeOf(shape.slice(0, -2));
  return Math.sqrt(6 / (field * ((shape.at(-2) ?? 1) + (shape.at(-1) ?? 1))));
}
