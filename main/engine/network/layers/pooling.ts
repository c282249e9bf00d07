import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { ok } from '../../../../shared/result.ts';
import type { Result } from '../../../../shared/result.ts';
import { kernelsOf } from '../../runtime/kernels/kernels.ts';
import type { Tf } from '../../runtime/tf.ts';
import { channelsLast, imageInput, padding, pair, slide2d } from './config.ts';
import type { Inference, Shape } from './layerKind.ts';
import { layerKind, onlyInput } from './layerKind.ts';
import { padSame } from './convolution/padSame.ts';

/** Configuration of the pooling layers with a window. */
export const windowConfig = z
  .object({
    pool_size: pair.default([2, 2]),
    strides: pair.nullish(),
    padding: padding.default('valid'),
    data_format: channelsLast,
  })
  .transform((config) => ({ ...config, strides: config.strides ?? config.pool_size }));

function inferWindow(
  config: z.infer<typeof windowConfig>,
  inputs: readonly Shape[],
): Result<Inference, string> {
  const image = imageInput(inputs);
  if (!image.ok) return image;
  const size = slide2d(image.value, config.pool_size, config.strides, config.padding);
  return size.ok ? ok({ outputShape: [...size.value, image.value[2]], weights: [] }) : size;
}

/** Keras MaxPooling2D. */
export const maxPooling2d = layerKind({
  config: windowConfig,
  infer: inferWindow,
  compute: (config, call) =>
    call.tf.maxPool(onlyInput(call) as Tensor4D, [...config.pool_size], [...config.strides], config.padding),
});

/** Keras AveragePooling2D: with `same`, the mean is over what lies inside the image. */
export const averagePooling2d = layerKind({
  config: windowConfig,
  infer: inferWindow,
  compute(config, call) {
    const { tf } = call;
    const x = onlyInput(call) as Tensor4D;
    const mean = (image: Tensor4D): Tensor4D =>
      tf.avgPool(image, [...config.pool_size], [...config.strides], 'valid');
    if (config.padding === 'valid') return mean(x);
    if (tf.getBackend() === 'tensorflow')
      return tf.avgPool(x, [...config.pool_size], [...config.strides], 'same');
    // Zeros written out and their share divided away: tfjs's portable backend has a wrong gradient for `same`.
    const ones = tf.ones([1, x.shape[1], x.shape[2], 1]) as Tensor4D;
    const inside = mean(padSame(tf, ones, config.pool_size, config.strides));
    return tf.div(mean(padSame(tf, x, config.pool_size, config.strides)), inside);
  },
});

/** Configuration of the global pooling layers. */
export const globalConfig = z.object({
  data_format: channelsLast,
  keepdims: z
    .boolean()
    .nullish()
    .transform((keep) => keep ?? false),
});

function inferGlobal(config: { keepdims: boolean }, inputs: readonly Shape[]): Result<Inference, string> {
  const image = imageInput(inputs);
  if (!image.ok) return image;
  const channels = image.value[2];
  return ok({ outputShape: config.keepdims ? [1, 1, channels] : [channels], weights: [] });
}

/** Keras GlobalAveragePooling2D: [h, w, c] to [c], or [1, 1, c] with keepdims. */
export const globalAveragePooling2d = layerKind({
  config: globalConfig,
  infer: inferGlobal,
  compute(config, { tf, ...call }) {
    const mean = kernelsOf(tf).imageMean(onlyInput(call) as Tensor4D);
    return config.keepdims ? mean : tf.squeeze(mean, [1, 2]);
  },
});

/** Keras GlobalMaxPooling2D. */
export const globalMaxPooling2d = layerKind({
  config: globalConfig,
  infer: inferGlobal,
  compute: (config, call) => globalMax(call.tf, onlyInput(call), config.keepdims),
});

/** TensorFlow shares the gradient among equal maxima (common after ReLU); tfjs gives each of them all of it. */
function globalMax(tf: Tf, image: Tensor, keepDimensions: boolean): Tensor {
  const shared = tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const kept = tf.max(x, [1, 2], true);
    save([x, kept]);
    return {
      value: kept,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [input, maximum] = saved as [Tensor, Tensor];
        const hits = tf.cast(tf.equal(input, maximum), 'float32');
        return tf.mul(hits, tf.div(dy, tf.sum(hits, [1, 2], true)));
      },
    };
  });
  const kept = shared(image);
  return keepDimensions ? kept : tf.squeeze(kept, [1, 2]);
}
