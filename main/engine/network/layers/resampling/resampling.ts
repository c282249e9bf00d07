import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import type { Layer } from '../../../../../shared/domain/network.ts';
import { ok } from '../../../../../shared/result.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { channelsLast, imageInput, pair } from '../config.ts';
import type { LayerKind, Shape } from '../layerKind.ts';
import { layerKind, onlyInput } from '../layerKind.ts';
import type { AxisMap, Interpolation, Span } from './interpolation.ts';
import { axisMap, cropMap, isIdentity } from './interpolation.ts';

/** How an image becomes one of another size: all of it is linear, along rows and columns by themselves. */
export interface Resampling {
  readonly rows: AxisMap;
  readonly columns: AxisMap;
}

const interpolation = z.enum(['nearest', 'bilinear'], {
  error: 'only nearest and bilinear interpolation are supported',
});
const off = (what: string) => z.literal(false, { error: `${what} is not supported` }).nullish();
const size = { height: z.number().int().positive(), width: z.number().int().positive() };

/** Configuration of UpSampling2D. */
export const upSampling2dConfig = z.object({
  size: pair.default([2, 2]),
  interpolation: interpolation.default('nearest'),
  data_format: channelsLast,
});

/** Configuration of Resizing. */
export const resizingConfig = z.object({
  ...size,
  interpolation: interpolation.default('bilinear'),
  crop_to_aspect_ratio: z.boolean().default(false),
  pad_to_aspect_ratio: off('pad_to_aspect_ratio'),
  antialias: off('antialias'),
  data_format: channelsLast,
});

/** Configuration of CenterCrop and RandomCrop. */
export const cropConfig = z.object({ ...size, data_format: channelsLast });

/** The resampling that a layer does to an image [height, width, channels]. Throws for classes that do none. */
export function resamplingOf(
  { className, config }: Pick<Layer, 'className' | 'config'>,
  input: Shape,
): Resampling {
  const [height = 1, width = 1] = input;
  switch (className) {
    case 'UpSampling2D': {
      const { size: factors, interpolation: kind } = upSampling2dConfig.parse(config);
      return stretched(height, width, height * factors[0], width * factors[1], kind);
    }
    case 'Resizing': {
      const wanted = resizingConfig.parse(config);
      return wanted.crop_to_aspect_ratio
        ? smartResize(height, width, wanted.height, wanted.width, wanted.interpolation)
        : stretched(height, width, wanted.height, wanted.width, wanted.interpolation);
    }
    case 'CenterCrop': {
      const wanted = cropConfig.parse(config);
      if (wanted.height > height || wanted.width > width)
        return smartResize(height, width, wanted.height, wanted.width, 'bilinear');
      return {
        rows: cropMap(height, centred(height, wanted.height)),
        columns: cropMap(width, centred(width, wanted.width)),
      };
    }
    case 'RandomCrop': {
      // Outside training it takes the largest part of the wanted shape, resized.
      const wanted = cropConfig.parse(config);
      return smartResize(height, width, wanted.height, wanted.width, 'bilinear');
    }
    default:
      throw new Error(`${className} resamples nothing`);
  }
}

function stretched(
  height: number,
  width: number,
  tall: number,
  wide: number,
  kind: Interpolation,
): Resampling {
  return { rows: axisMap(tall, height, kind), columns: axisMap(wide, width, kind) };
}

/** Keras's `smart_resize`: the largest part in the middle with the wanted ratio of sides, resized. */
function smartResize(
  height: number,
  width: number,
  tall: number,
  wide: number,
  kind: Interpolation,
): Resampling {
  const rows = centred(height, Math.min(height, Math.floor(Math.fround(width * tall) / wide)));
  const columns = centred(width, Math.min(width, Math.floor(Math.fround(height * wide) / tall)));
  return { rows: axisMap(tall, height, kind, rows), columns: axisMap(wide, width, kind, columns) };
}

function centred(from: number, length: number): Span {
  return { start: Math.floor((from - length) / 2), length };
}

/** Resamples images [batch, height, width, channels]. */
export function resample(tf: Tf, images: Tensor, { rows, columns }: Resampling): Tensor {
  const channels = images.shape[3] ?? 1;
  const along = (x: Tensor, { to, from, weights }: AxisMap, inner: number): Tensor =>
    tf.matMul(tf.tensor3d(weights, [1, to, from]), tf.reshape(x, [-1, from, inner]));
  const tall = isIdentity(rows) ? images : along(images, rows, columns.from * channels);
  const wide = isIdentity(columns) ? tall : along(tall, columns, channels);
  return tf.reshape(wide, [-1, rows.to, columns.to, channels]);
}

function resampling(className: string, config: z.ZodType<object>): LayerKind {
  return layerKind({
    config: z.record(z.string(), z.json()).superRefine((raw, context) => {
      const checked = config.safeParse(raw);
      for (const { path, message } of checked.error?.issues ?? [])
        context.addIssue({ code: 'custom', path, message });
    }),
    infer(raw, inputs) {
      const image = imageInput(inputs);
      if (!image.ok) return image;
      const { rows, columns } = resamplingOf({ className, config: raw }, image.value);
      return ok({ outputShape: [rows.to, columns.to, image.value[2]], weights: [] });
    },
    compute(raw, call) {
      const x = onlyInput(call);
      return resample(call.tf, x, resamplingOf({ className, config: raw }, x.shape.slice(1)));
    },
  });
}

/** Keras UpSampling2D: each pixel repeated, or between pixels by distance. */
export const upSampling2d = layerKind({
  config: upSampling2dConfig,
  infer(config, inputs) {
    const image = imageInput(inputs);
    if (!image.ok) return image;
    const [height, width, channels] = image.value;
    return ok({ outputShape: [height * config.size[0], width * config.size[1], channels], weights: [] });
  },
  compute(config, { tf, outputShape, ...call }) {
    const image = onlyInput(call);
    const [batch = 1, rows = 1, columns = 1, channels = 1] = image.shape;
    const [tall = 1, wide = 1] = outputShape;
    if (config.interpolation !== 'nearest')
      return resample(tf, image, stretched(rows, columns, tall, wide, config.interpolation));
    // By tiling rows, then pixels: tfjs's portable backend has a wrong gradient for its nearest-neighbour resize.
    const [down, right] = config.size;
    const long = tf.tile(tf.reshape(image, [batch * rows, 1, columns * channels]), [1, down, 1]);
    const whole = tf.tile(tf.reshape(long, [batch * rows * down * columns, 1, channels]), [1, right, 1]);
    return tf.reshape(whole, [batch, ...outputShape]);
  },
});
/** Keras Resizing, without antialiasing. */
export const resizing = resampling('Resizing', resizingConfig);
/** Keras CenterCrop: the middle; of a smaller image the largest part of that shape, resized. */
export const centerCrop = resampling('CenterCrop', cropConfig);
/** Keras 2's RandomCrop as it is outside training; Keras 3's does nothing there. */
export const randomCrop = resampling('RandomCrop', cropConfig);
