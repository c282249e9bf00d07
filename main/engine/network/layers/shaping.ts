import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { err, ok } from '../../../../shared/result.ts';
import { sizeOf } from '../weights/weights.ts';
import { borders, channelsLast, imageInput, singleInput } from './config.ts';
import { layerKind, onlyInput } from './layerKind.ts';

/** Keras Flatten: row by row, channels innermost. */
export const flatten = layerKind({
  config: z.object({ data_format: channelsLast }),
  infer(_, inputs) {
    const shape = singleInput(inputs);
    return shape.ok ? ok({ outputShape: [sizeOf(shape.value)], weights: [] }) : shape;
  },
  compute: (_, call) => call.tf.reshape(onlyInput(call), [-1, ...call.outputShape]),
});

/** Keras Reshape; one dimension may be −1. */
export const reshape = layerKind({
  config: z.object({ target_shape: z.array(z.number().int().min(-1)) }),
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const size = sizeOf(shape.value);
    const known = sizeOf(config.target_shape.filter((length) => length !== -1));
    const target = config.target_shape.map((length) => (length === -1 ? size / known : length));
    const unknown = config.target_shape.filter((length) => length === -1).length;
    if (unknown > 1 || sizeOf(target) !== size || !target.every((length) => Number.isInteger(length)))
      return err(`cannot make [${config.target_shape.join(', ')}] of [${shape.value.join(', ')}]`);
    return ok({ outputShape: target, weights: [] });
  },
  compute: (_, call) => call.tf.reshape(onlyInput(call), [-1, ...call.outputShape]),
});

/** Configuration of Permute. */
export const permuteConfig = z.object({ dims: z.array(z.number().int().min(1)) });

/** Keras Permute; `dims` counts from 1. */
export const permute = layerKind({
  config: permuteConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const order = [...config.dims].sort((a, b) => a - b);
    if (order.length !== shape.value.length || order.some((dimension, index) => dimension !== index + 1))
      return err(`dims [${config.dims.join(', ')}] is no order of the input's ${shape.value.length} axes`);
    return ok({
      outputShape: config.dims.map((dimension) => shape.value[dimension - 1] ?? 1),
      weights: [],
    });
  },
  compute: (config, call) => call.tf.transpose(onlyInput(call), [0, ...config.dims]),
});

/** Configuration of ZeroPadding2D. */
export const zeroPadding2dConfig = z.object({ padding: borders, data_format: channelsLast });

/** Keras ZeroPadding2D. */
export const zeroPadding2d = layerKind({
  config: zeroPadding2dConfig,
  infer(config, inputs) {
    const image = imageInput(inputs);
    if (!image.ok) return image;
    const [[top, bottom], [left, right]] = config.padding;
    const [height, width, channels] = image.value;
    return ok({ outputShape: [height + top + bottom, width + left + right, channels], weights: [] });
  },
  compute(config, call) {
    const [rows, columns] = config.padding;
    return call.tf.pad(onlyInput(call) as Tensor4D, [[0, 0], [...rows], [...columns], [0, 0]]);
  },
});

/** Configuration of Cropping2D. */
export const cropping2dConfig = z.object({ cropping: borders, data_format: channelsLast });

/** Keras Cropping2D. */
export const cropping2d = layerKind({
  config: cropping2dConfig,
  infer(config, inputs) {
    const image = imageInput(inputs);
    if (!image.ok) return image;
    const [[top, bottom], [left, right]] = config.cropping;
    const [height, width, channels] = image.value;
    if (top + bottom >= height || left + right >= width) return err('crops everything away');
    return ok({ outputShape: [height - top - bottom, width - left - right, channels], weights: [] });
  },
  compute(config, call) {
    const [[top], [left]] = config.cropping;
    return call.tf.slice(onlyInput(call), [0, top, left, 0], [-1, ...call.outputShape]);
  },
});

/** Configuration of RepeatVector. */
export const repeatVectorConfig = z.object({ n: z.number().int().positive() });

/** Keras RepeatVector: [features] to [n, features]. */
export const repeatVector = layerKind({
  config: repeatVectorConfig,
  infer(config, inputs) {
    const shape = singleInput(inputs);
    if (!shape.ok) return shape;
    const [features, ...more] = shape.value;
    if (features === undefined || more.length > 0)
      return err(`takes [features], got [${shape.value.join(', ')}]`);
    return ok({ outputShape: [config.n, features], weights: [] });
  },
  compute: (config, { tf, ...call }) =>
    tf.tile(tf.reshape(onlyInput(call), [-1, 1, call.outputShape[1] ?? 1]), [1, config.n, 1]),
});

/** The largest side of an input image in pixels. */
const mostPixels = 4096;

/** Keras InputLayer: fed, never computed. */
export const inputLayer = layerKind({
  config: z.object({
    batch_input_shape: z
      .array(z.number().int().positive().nullable())
      .length(4, { error: 'expected [batch, height, width, channels]' }),
    dtype: z.string().nullish(),
  }),
  infer(config) {
    const shape: number[] = [];
    for (const length of config.batch_input_shape.slice(1)) {
      if (length === null) return err('leaves the size of its input open');
      if (length > mostPixels) return err(`takes ${length} where at most ${mostPixels} are possible`);
      shape.push(length);
    }
    return ok({ outputShape: shape, weights: [] });
  },
  compute: (_, call) => onlyInput(call),
});
