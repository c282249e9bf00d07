import type { Tf } from '../tf.ts';
import type { Kernels } from './kernels.ts';

/** The same in operations every tfjs backend has. Random numbers are others than the native ones. */
export function portableKernels(tf: Tf): Kernels {
  return {
    uniform(seed, stream, shape) {
      const [value = 0] = seed.dataSync();
      return tf.randomUniform([...shape], 0, 1, 'float32', `${value}/${stream}`);
    },
    relu: (x) => tf.relu(x),
    relu6: (x) => tf.relu6(x),
    swish: (x) => tf.mul(x, tf.sigmoid(x)),
    addBias: (x, bias) => tf.add(x, bias),
    scaleChannels: (x, scale) => tf.mul(x, scale),
    pointwise: (x, kernel) => tf.conv2d(x, kernel, 1, 'valid'),
    imageMean: (x) => tf.mean(x, [1, 2], true),
    normalizeImages: null,
  };
}
