import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { isNative } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import { nativeKernels } from './nativeKernels.ts';
import { portableKernels } from './portableKernels.ts';

/**
 * Operations of the layers for which tfjs has a long way round, forward or in their gradient, where TensorFlow has
 * one operation. tfjs's own kernels and gradients stay as they are.
 */
export interface Kernels {
  /**
   * Numbers in [0, 1), decided by the seed, the stream and nothing else.
   * @param seed an int32 scalar. @param stream tells draws with one seed apart.
   */
  uniform(seed: Tensor, stream: number, shape: readonly number[]): Tensor;
  relu(x: Tensor): Tensor;
  relu6(x: Tensor): Tensor;
  /** x × sigmoid(x). */
  swish(x: Tensor): Tensor;
  /** Adds [channels] to [..., channels]. */
  addBias(x: Tensor, bias: Tensor): Tensor;
  /** [..., channels] × [channels]. */
  scaleChannels(x: Tensor, scale: Tensor): Tensor;
  /** A convolution of each place by itself: [batch, height, width, in] with a kernel [1, 1, in, filters]. */
  pointwise(x: Tensor4D, kernel: Tensor4D): Tensor4D;
  /** The mean over height and width: [batch, height, width, channels] to [batch, 1, 1, channels]. */
  imageMean(x: Tensor4D): Tensor4D;
  /** Batch normalisation of images by their own statistics; null where there is no single operation for it. */
  readonly normalizeImages: NormalizeImages | null;
}

/** gamma and beta are [channels]; so are the batch's mean and its unbiased variance, which take no gradient. */
export type NormalizeImages = (
  x: Tensor4D,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
) => { readonly value: Tensor; readonly mean: Tensor; readonly variance: Tensor };

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
