import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { NativeBackend, OpAttribute } from '../addon/binding.ts';
import { computesAfter } from '../compiled/hints.ts';
import type { Tf } from '../tf.ts';
import type { Kernels } from './kernels.ts';
import { matrixGradients } from './matrixGradients.ts';
import { normalizeImages } from './normalizeImages.ts';
import { withGradient } from './withGradient.ts';

/** TensorFlow's own operations, called through the addon, with the gradients TensorFlow itself has for them. */
export function nativeKernels(tf: Tf, backend: NativeBackend): Kernels {
  const { TF_FLOAT, TF_INT32, TF_ATTR_TYPE, TF_ATTR_STRING } = backend.binding;
  const type = (name: string, dtype: number = TF_FLOAT): OpAttribute => ({
    name,
    type: TF_ATTR_TYPE,
    value: dtype,
  });
  const nhwc: OpAttribute = { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' };
  const run = (name: string, inputs: readonly Tensor[], attributes: OpAttribute[] = []): Tensor =>
    backend.executeSingleOutput(name, [type('T'), ...attributes], inputs);
  /** The gradient reads the output, so that the input need not be kept for it. */
  const bounded = (name: 'Relu' | 'Relu6', x: Tensor): Tensor =>
    withGradient(
      tf,
      [x],
      () => {
        const value = run(name, [x]);
        return { value, saved: [value] };
      },
      (dy, saved) => [run(`${name}Grad`, [dy, ...saved])],
    );

  return {
    uniform(seed, stream, shape) {
      const attributes = [type('dtype'), type('T', TF_INT32), type('Tseed', TF_INT32)];
      const both = tf.stack([seed, tf.scalar(stream, 'int32')]);
      const size = tf.tensor1d([...shape], 'int32');
      return backend.executeSingleOutput('StatelessRandomUniform', attributes, [size, both]);
    },
    relu: (x) => bounded('Relu', x),
    relu6: (x) => bounded('Relu6', x),
    // d = sigmoid(x) × dy + x × dy × sigmoid'(x), the sigmoid computed again rather than kept.
    swish: (x) =>
      withGradient(
        tf,
        [x],
        () => ({ value: tf.mul(x, tf.sigmoid(x)), saved: [x] }),
        (dy, [kept = x]) => {
          const gate = tf.sigmoid(kept);
          computesAfter(tf, gate, dy);
          return [tf.add(tf.mul(dy, gate), run('SigmoidGrad', [gate, tf.mul(dy, kept)]))];
        },
      ),
    addBias: (x, bias) =>
      withGradient(
        tf,
        [x, bias],
        () => ({ value: run('BiasAdd', [x, bias], [nhwc]), saved: [] }),
        (dy) => [dy.clone(), run('BiasAddGrad', [dy], [nhwc])],
      ),
    scaleChannels: (x, scale) => tf.mul(x, scale),
    pointwise: (x, kernel) => tf.conv2d(x, kernel, 1, 'valid'),
    imageMean: (x) => imageMean(tf, x),
    normalizeImages: normalizeImages(tf, backend),
    // A GPU's own operations are the faster ones there.
    ...(!backend.isUsingGpuDevice && matrixGradients(tf, backend)),
  };
}

/** Its gradient is an even share for each pixel. */
function imageMean(tf: Tf, x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape;
  return withGradient(
    tf,
    [x],
    () => ({ value: tf.mean(x, [1, 2], true), saved: [] }),
    (dy) => [tf.tile(tf.div(dy, height * width), [1, height, width, 1])],
  ) as Tensor4D;
}
