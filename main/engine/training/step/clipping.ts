import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../runtime/tf.ts';

/**
 * Scales all gradients down together when their common norm is above `most` (Pascanu et al. 2013, 1211.5063), as
 * Keras's `global_clipnorm`. 0 leaves them alone.
 */
export function clipByGlobalNorm(tf: Tf, gradients: readonly Tensor[], most: number): Tensor[] {
  if (most === 0) return [...gradients];
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.div(most, tf.maximum(norm, most));
  return gradients.map((gradient) => tf.mul(gradient, factor));
}
