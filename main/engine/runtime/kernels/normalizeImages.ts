import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { NativeBackend, OpAttribute } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import type { NormalizeImages } from './kernels.ts';
import { withGradient } from './withGradient.ts';

/** TensorFlow's fused batch normalisation: FusedBatchNormV3 in training and its gradient. */
export function normalizeImages(tf: Tf, backend: NativeBackend): NormalizeImages {
  const { TF_FLOAT, TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING } = backend.binding;
  const attributes = (epsilon: number): OpAttribute[] => [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ];
  return (x, gamma, beta, epsilon) => {
    const statistics: Tensor[] = [];
    const value = withGradient(
      tf,
      [x, gamma, beta],
      () => {
        const none = tf.tensor1d([], 'float32');
        const inputs = [x, gamma, beta, none, none];
        const [normalized, mean, variance, ...reserved] = backend.executeMultipleOutputs(
          'FusedBatchNormV3',
          attributes(epsilon),
          inputs,
          6,
        );
        if (normalized === undefined || mean === undefined || variance === undefined)
          throw new Error('FusedBatchNormV3 gave too little');
        // They leave the scope of this computation beside its value.
        statistics.push(tf.keep(mean), tf.keep(variance));
        return { value: normalized, saved: [x, gamma, ...reserved] };
      },
      (dy, saved) =>
        backend
          .executeMultipleOutputs('FusedBatchNormGradV3', attributes(epsilon), [dy, ...saved], 5)
          .slice(0, 3),
    );
    const [mean, variance] = statistics.map((kept) => {
      const own = kept.clone();
      kept.dispose();
      return own;
    });
    if (mean === undefined || variance === undefined) throw new Error('The statistics were lost');
    return { value, mean, variance };
  };
}
