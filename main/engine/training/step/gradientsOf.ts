import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../runtime/tf.ts';

/** The scalar `compute` gives and its gradient with respect to each of `values`, which may be any tensors. */
export function gradientsOf(
  tf: Tf,
  values: readonly Tensor[],
  compute: (values: readonly Tensor[]) => Tensor,
): { value: Tensor; gradients: Tensor[] } {
  const { value, grads } = tf.valueAndGrads((...own: Tensor[]) => compute(own))([...values]);
  return { value, gradients: grads };
}
