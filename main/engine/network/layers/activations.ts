import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { unreachable } from '../../../../shared/errors.ts';
import { kernelsOf } from '../../runtime/kernels/kernels.ts';
import type { Tf } from '../../runtime/tf.ts';

/** Keras 2's activation functions by name. */
export const activationNames = [
  'linear',
  'relu',
  'relu6',
  'softmax',
  'sigmoid',
  'tanh',
  'swish',
  'silu',
  'hard_sigmoid',
  'elu',
  'selu',
  'gelu',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** Applies an activation to a tensor of any shape; softmax over the last axis. */
export function activate(tf: Tf, name: ActivationName, x: Tensor): Tensor {
  switch (name) {
    case 'linear':
      return x.clone();
    case 'relu':
      return kernelsOf(tf).relu(x);
    case 'relu6':
      return kernelsOf(tf).relu6(x);
    case 'softmax':
      return tf.softmax(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    case 'swish':
    case 'silu':
      return kernelsOf(tf).swish(x);
    case 'hard_sigmoid':
      // Keras 2: clip(0.2 x + 0.5, 0, 1). Keras 3 changed the slope to 1/6.
      return tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
    case 'elu':
      return tf.elu(x);
    case 'selu':
      return tf.selu(x);
    case 'gelu':
      // The exact form, not the tanh approximation.
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
    default:
      return unreachable(name);
  }
}
