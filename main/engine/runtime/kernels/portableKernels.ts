import type { Tf } from '../tf.ts';
import type { Kernels } from './kernels.ts';

/** The same in operations every tfjs backend has. Random numbers are others than the native ones. */
export function portableKernels(tf: Tf): Kernels {
  return {
    uniform(seed, stream, shape) {
      const [value = 0] = seed.dataSync();
      return tf.randomUniform([...shape], 0, 1, 'float32', `${value}/${stream}`);
    },
  };
}
