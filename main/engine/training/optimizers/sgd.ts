import { updatesInPlace } from '../../runtime/compiled/hints.ts';
import type { Optimizer } from './optimizer.ts';
import { entryOf } from './optimizer.ts';

export interface SgdOptions {
  readonly momentum?: number;
  /** Looks ahead along the velocity (Nesterov), as Keras's `nesterov=True`. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent with momentum (Polyak 1964; Sutskever et al. 2013), with the arithmetic of Keras's
 * `keras.optimizers.SGD`: the learning rate goes into the velocity.
 */
export function sgd({ momentum = 0.9, nesterov = false }: SgdOptions = {}): Optimizer {
  return {
    name: 'sgd',
    slots: ['velocity'],
    scalars: (_, learningRate) => ({ rate: learningRate }),
    update(tf, { value, gradient, slots, scalars }) {
      const descent = tf.neg(tf.mul(gradient, entryOf(scalars, 'rate')));
      const velocity = tf.add(tf.mul(entryOf(slots, 'velocity'), momentum), descent);
      const change = nesterov ? tf.add(tf.mul(velocity, momentum), descent) : velocity;
      const updated = tf.add(value, change);
      updatesInPlace(tf, () => ({
        name: 'ResourceApplyKerasMomentum',
        flags: { use_locking: false, use_nesterov: nesterov },
        variables: [
          { before: value, after: updated },
          { before: entryOf(slots, 'velocity'), after: velocity },
        ],
        inputs: [entryOf(scalars, 'rate'), gradient, tf.scalar(momentum)],
      }));
      return { value: updated, slots: { velocity } };
    },
  };
}
