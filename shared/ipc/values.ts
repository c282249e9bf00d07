import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** Values that many messages hold. */

export const count = z.number().int().min(0);

/** A tensor's, without the batch. */
export const shape = z.array(count).readonly();

/** How pixels are scaled, in Keras's words. */
export const preprocessSchema = z.enum(['tf', 'torch', 'caffe', 'unit', 'none']);

/** How an image takes the input's shape. */
export const resizeSchema = z.enum(['squash', 'crop', 'pad']);

/**
 * A measured number. Unlike `z.number()` it admits NaN and Infinity, which a diverged training reports; null, as JSON
 * writes them, reads as NaN.
 */
export const measurementSchema = z.preprocess(
  (value) => (value === null ? NaN : value),
  z.custom<number>((value) => typeof value === 'number', 'expected a number'),
);

export const thawErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  expected: z.string().exactOptional(),
  found: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});
