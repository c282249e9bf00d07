import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../tf.ts';

/** What a computation gives, and the tensors its gradient will read. */
export interface Computed {
  readonly value: Tensor;
  readonly saved: readonly Tensor[];
}

/**
 * Computes a value whose gradient is given, not derived: `compute` leaves no trace on the gradient tape.
 * @param gradient the gradient of each input, from that of the value and what was saved.
 */
export function withGradient(
  tf: Tf,
  inputs: readonly Tensor[],
  compute: () => Computed,
  gradient: (dy: Tensor, saved: readonly Tensor[]) => Tensor[],
): Tensor {
  const custom = tf.customGrad((...args: unknown[]) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void;
    const { value, saved } = compute();
    save([...saved]);
    return { value, gradFunc: (dy: Tensor, kept: Tensor[]) => gradient(dy, kept) };
  });
  return custom(...inputs);
}
