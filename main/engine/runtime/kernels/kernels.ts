import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../tf.ts';
import { isNative } from './binding.ts';
import { nativeKernels } from './nativeKernels.ts';
import { portableKernels } from './portableKernels.ts';

/** Operations the layers need that TensorFlow has as one and tfjs has not; each with its gradient where it has one. */
export interface Kernels {
  /**
   * Numbers in [0, 1), decided by the seed, the stream and nothing else.
   * @param seed an int32 scalar. @param stream tells draws with one seed apart.
   */
  uniform(seed: Tensor, stream: number, shape: readonly number[]): Tensor;
}

const made = new WeakMap<object, Kernels>();

/** The kernels of the backend `tf` computes with. */
export function kernelsOf(tf: Tf): Kernels {
  const backend = tf.backend();
  let kernels = made.get(backend);
  if (kernels === undefined) {
    kernels = isNative(backend) ? nativeKernels(tf, backend) : portableKernels(tf);
    made.set(backend, kernels);
  }
  return kernels;
}
