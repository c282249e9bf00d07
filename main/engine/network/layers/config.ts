import { z } from 'zod';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { activationNames } from './activation/activations.ts';
import type { Shape } from './layerKind.ts';

/** Pieces of Keras 2 layer configurations that several classes share. */

/** `3` or `[3, 3]`. */
export const pair = z
  .union([z.number().int().positive(), z.tuple([z.number().int().positive(), z.number().int().positive()])])
  .transform((value): readonly [number, number] => (typeof value === 'number' ? [value, value] : value));

export const padding = z.enum(['valid', 'same']);

export const channelsLast = z
  .literal('channels_last', { error: 'only channels_last is supported' })
  .nullish();

export const activationName = z
  .enum(activationNames, { error: `expected one of ${activationNames.join(', ')}` })
  .nullish()
  .transform((name) => name ?? 'linear');

/** `2`, `[1, 1]` or `[[0, 1], [0, 1]]`: rows then columns, before then after. */
export const borders = z
  .union([
    z.number().int().min(0),
    z.tuple([z.number().int().min(0), z.number().int().min(0)]),
    z.tuple([
      z.tuple([z.number().int().min(0), z.number().int().min(0)]),
      z.tuple([z.number().int().min(0), z.number().int().min(0)]),
    ]),
  ])
  .transform((value): readonly [readonly [number, number], readonly [number, number]] => {
    if (typeof value === 'number') {
      return [
        [value, value],
        [value, value],
      ];
    }
    const [rows, columns] = value;
    return [
      typeof rows === 'number' ? [rows, rows] : rows,
      typeof columns === 'number' ? [columns, columns] : columns,
    ];
  });

export type Image = readonly [height: number, width: number, channels: number];

/** The one [height, width, channels] input of a spatial layer. */
export function imageInput(inputs: readonly Shape[]): Result<Image, string> {
  const [shape] = inputs;
  if (inputs.length !== 1 || shape === undefined) return err(`takes one input, got ${inputs.length}`);
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    return err(`takes [height, width, channels], got [${shape.join(', ')}]`);
  return ok([height, width, channels]);
}

/** The one input of a layer that takes any shape. */
export function singleInput(inputs: readonly Shape[]): Result<Shape, string> {
  const [shape] = inputs;
  return inputs.length === 1 && shape !== undefined
    ? ok(shape)
    : err(`takes one input, got ${inputs.length}`);
}

/** Output length of a window sliding over one axis, as TensorFlow counts it. */
export function slide(
  length: number,
  window: number,
  stride: number,
  mode: z.infer<typeof padding>,
): Result<number, string> {
  const out = mode === 'same' ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1;
  return out >= 1 ? ok(out) : err(`a window of ${window} does not fit an input of ${length}`);
}

/** `slide` over height and width. */
export function slide2d(
  image: Image,
  window: readonly [number, number],
  strides: readonly [number, number],
  mode: z.infer<typeof padding>,
): Result<readonly [number, number], string> {
  const height = slide(image[0], window[0], strides[0], mode);
  if (!height.ok) return height;
  const width = slide(image[1], window[1], strides[1], mode);
  return width.ok ? ok([height.value, width.value]) : width;
}
