import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../../shared/result.ts';
import { imageInput } from '../config.ts';
import { layerKind, onlyInput } from '../layerKind.ts';
import { dilate, finish, window } from './convolution.ts';

/** Configuration of Conv2DTranspose. */
export const transposedConfig = z.object({
  ...window,
  filters: z.number().int().positive(),
  output_padding: z
    .union([
      z
        .number()
        .int()
        .min(0)
        .transform((both): readonly [number, number] => [both, both]),
      z.tuple([z.number().int().min(0), z.number().int().min(0)]),
    ])
    .nullish()
    .transform((padding) => padding ?? null),
  /** Keras 1 states the output's shape: [batch, height, width, filters]. */
  output_shape: z
    .tuple([z.number().nullable(), z.number().int().positive(), z.number().int().positive(), z.number()])
    .nullish(),
});

export type TransposedConfig = z.infer<typeof transposedConfig>;

/** One axis of a transposed convolution. */
export interface TransposedAxis {
  /** Length of the output. */
  readonly length: number;
  /** Length of the window, its taps spread apart by the dilation. */
  readonly reach: number;
  readonly stride: number;
  /** What is cut off what all windows together cover, before and after; negative after: zeros are added. */
  readonly cut: readonly [before: number, after: number];
}

/** What Keras takes `same` to cut off an axis before it adds `output_padding`. */
function cutBySame({ padding }: TransposedConfig, reach: number): number {
  return padding === 'same' ? 2 * Math.floor(reach / 2) : 0;
}

/** The `output_padding` that gives the output its size; null where none has to be told. */
export function outputPaddingOf(
  config: TransposedConfig,
  input: readonly number[],
): readonly [number, number] | null {
  if (config.output_padding !== null || !config.output_shape) return config.output_padding;
  const usual = transposedAxes({ ...config, output_shape: null }, input);
  const axes = transposedAxes(config, input);
  if (usual[0].length === axes[0].length && usual[1].length === axes[1].length) return null;
  const extra = (at: 0 | 1): number => {
    const covered = ((input[at] ?? 1) - 1) * axes[at].stride + axes[at].reach;
    return axes[at].length - covered + cutBySame(config, axes[at].reach);
  };
  return [extra(0), extra(1)];
}

/** Rows and columns as Keras counts them (`deconv_output_length`), with TensorFlow's place for the padding. */
export function transposedAxes(
  config: TransposedConfig,
  input: readonly number[],
): readonly [TransposedAxis, TransposedAxis] {
  const axis = (at: 0 | 1): TransposedAxis => {
    const size = input[at] ?? 1;
    const stride = config.strides[at];
    const reach = (config.kernel_size[at] - 1) * config.dilation_rate[at] + 1;
    const covered = (size - 1) * stride + reach;
    const extra = config.output_padding?.[at];
    const stated = config.output_shape?.[at === 0 ? 1 : 2];
    const same = config.padding === 'same';
    const wanted = same ? size * stride : size * stride + Math.max(reach - stride, 0);
    const length = stated ?? (extra === undefined ? wanted : covered - cutBySame(config, reach) + extra);
    const before = same ? Math.floor(Math.max(covered - length, 0) / 2) : 0;
    return { length, reach, stride, cut: [before, covered - length - before] };
  };
  return [axis(0), axis(1)];
}

/** Keras Conv2DTranspose: the gradient of a convolution (1603.07285, chapter 4); kernel [height, width, filters, in]. */
export const conv2dTranspose = layerKind({
  config: transposedConfig,
  infer(config, inputs) {
    const image = imageInput(inputs);
    if (!image.ok) return image;
    if (Math.max(...config.dilation_rate) > 1 && Math.max(...config.strides) > 1)
      return err('strides and dilation together are not supported, as in Keras');
    if (config.output_padding?.some((extra, at) => extra >= (config.strides[at] ?? 1)) === true)
      return err('output_padding must be smaller than the strides');
    const [rows, columns] = transposedAxes(config, image.value);
    if (rows.length < 1 || columns.length < 1) return err('its output would be empty');
    const convolved = [rows, columns].every(
      ({ length, reach, stride }, at) =>
        (config.padding === 'same'
          ? Math.ceil(length / stride)
          : Math.ceil((length - reach + 1) / stride)) === image.value[at],
    );
    if (!convolved) return err('a convolution of its output would not give its input');
    const weights = [{ name: 'kernel', shape: [...config.kernel_size, config.filters, image.value[2]] }];
    if (config.use_bias) weights.push({ name: 'bias', shape: [config.filters] });
    return ok({ outputShape: [rows.length, columns.length, config.filters], weights });
  },
  compute(config, call) {
    const { tf } = call;
    const x = onlyInput(call) as Tensor4D;
    const kernel = dilate(tf, call.weight('kernel') as Tensor4D, config.dilation_rate);
    const [height = 1, width = 1, filters = 1] = call.outputShape;
    const shape: [number, number, number, number] = [x.shape[0], height, width, filters];
    const value = tf.conv2dTranspose(x, kernel, shape, [...config.strides], config.padding);
    return finish(config, call, value);
  },
});
