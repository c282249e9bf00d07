import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { unreachable } from '../../../../../shared/errors.ts';
import { kernelsOf } from '../../../runtime/kernels/kernels.ts';
import type { Tf } from '../../../runtime/tf.ts';

/**
 * Activation functions by Keras's names. Where one name means two functions, Keras 2's keeps it: Keras 3's
 * `hard_sigmoid` is `hard_sigmoid_3` here, and `gelu(approximate=True)` is `gelu_tanh`.
 */
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
  'hard_sigmoid_3',
  'hard_swish',
  'hard_silu',
  'elu',
  'selu',
  'gelu',
  'gelu_tanh',
  'leaky_relu',
  'softplus',
  'softsign',
  'mish',
  'hard_tanh',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** The slope of `leaky_relu` below zero; the LeakyReLU layer has another. */
export const leakySlope = 0.2;

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
    case 'hard_sigmoid_3':
      return hardSigmoid(tf, x);
    case 'hard_swish':
    case 'hard_silu':
      return tf.mul(x, hardSigmoid(tf, x));
    case 'elu':
      return tf.elu(x);
    case 'selu':
      return tf.selu(x);
    case 'gelu':
      // The exact form, not the tanh approximation.
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    case 'gelu_tanh':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(geluArgument(tf, x)), 1));
    case 'leaky_relu':
      return tf.leakyRelu(x, leakySlope);
    case 'softplus':
      return tf.softplus(x);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'mish':
      // 1908.08681, equation 1.
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case 'hard_tanh':
      return tf.clipByValue(x, -1, 1);
    default:
      return unreachable(name);
  }
}

/** relu6(x + 3) / 6 (1905.02244, section 5.2). */
function hardSigmoid(tf: Tf, x: Tensor): Tensor {
  return tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);
}

/** √(2/π) (x + 0.044715 x³) (Hendrycks and Gimpel 2016, 1606.08415, section 2). */
function geluArgument(tf: Tf, x: Tensor): Tensor {
  const inner = tf.add(tf.mul(tf.square(x), 0.044715), 1);
  return tf.mul(tf.mul(x, inner), Math.sqrt(2 / Math.PI));
}
