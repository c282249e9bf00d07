import { updatesInPlace } from '../../runtime/compiled/hints.ts';
import type { Optimizer } from './optimizer.ts';
import { entryOf } from './optimizer.ts';

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015, 1412.6980, algorithm 1 with the learning rate corrected for bias as in section 2), with
 * the arithmetic and defaults of Keras 2.15's `keras.optimizers.Adam`: epsilon 1e-7, added outside the corrected root.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}): Optimizer {
  return {
    name: 'adam',
    slots: ['first', 'second'],
    scalars: (step, learningRate) => ({
      rate: (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step),
    }),
    update(tf, { value, gradient, slots, scalars }) {
      const [before, beforeSquared] = [entryOf(slots, 'first'), entryOf(slots, 'second')];
      const first = tf.add(before, tf.mul(tf.sub(gradient, before), 1 - beta1));
      const second = tf.add(beforeSquared, tf.mul(tf.sub(tf.square(gradient), beforeSquared), 1 - beta2));
      const change = tf.div(tf.mul(first, entryOf(scalars, 'rate')), tf.add(tf.sqrt(second), epsilon));
      const updated = tf.sub(value, change);
      updatesInPlace(tf, () => ({
        name: 'ResourceApplyAdam',
        flags: { use_locking: false, use_nesterov: false },
        variables: [
          { before: value, after: updated },
          { before, after: first },
          { before: beforeSquared, after: second },
        ],
        // The rate is corrected for bias already: hence powers of beta that correct nothing.
        inputs: [
          tf.scalar(0),
          tf.scalar(0),
          entryOf(scalars, 'rate'),
          tf.scalar(beta1),
          tf.scalar(beta2),
          tf.scalar(epsilon),
          gradient,
        ],
      }));
      return { value: updated, slots: { first, second } };
    },
  };
}
