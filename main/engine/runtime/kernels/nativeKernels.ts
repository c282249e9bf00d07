import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../tf.ts';
import type { NativeBackend } from './binding.ts';
import type { Kernels } from './kernels.ts';

/** TensorFlow's own operations, called through the addon. */
export function nativeKernels(tf: Tf, backend: NativeBackend): Kernels {
  const type = (name: string, dtype: number) => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value: dtype,
  });
  const { TF_FLOAT, TF_INT32 } = backend.binding;
  return {
    uniform(seed, stream, shape) {
      const attributes = [type('dtype', TF_FLOAT), type('T', TF_INT32), type('Tseed', TF_INT32)];
      const both = tf.stack([seed, tf.scalar(stream, 'int32')]);
      const size = tf.tensor1d([...shape], 'int32');
      return backend.executeSingleOutput('StatelessRandomUniform', attributes, [size, both]);
    },
  } satisfies Record<keyof Kernels, (...args: never[]) => Tensor>;
}
