import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../../runtime/tf.ts';

/** The zeros that TensorFlow's `same` puts around one axis: the odd one goes after. */
export function samePadding(length: number, window: number, stride: number): [before: number, after: number] {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + window - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** [batch, h, w, c] with the zeros of `same` written out, so that a `valid` window gives the same result. */
export function padSame(
  tf: Tf,
  x: Tensor4D,
  window: readonly [number, number],
  strides: readonly [number, number],
): Tensor4D {
  const rows = samePadding(x.shape[1], window[0], strides[0]);
  const columns = samePadding(x.shape[2], window[1], strides[1]);
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]]) as Tensor4D;
}
