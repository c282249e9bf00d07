import { z } from 'zod';
import { exportFormats } from '../../domain/export.ts';
import { estimateJobSchema } from './estimate.ts';
import { exportOptionsSchema } from './exportResult.ts';
import { readingSchema } from './evaluation.ts';
import { preprocessSchema, resizeSchema } from '../values.ts';

/** Jobs that ask a network or a trained model, and those about backbones. */
export const modelJobs = [
  z.object({
    job: z.literal('evaluate'),
    run: z.string().min(1),
    /** Null: the images the run was validated on. */
    dataset: z.string().min(1).nullable(),
    reading: readingSchema.exactOptional(),
  }),
  z.object({
    job: z.literal('predict'),
    run: z.string().min(1),
    images: z.array(z.string()).min(1),
    reading: readingSchema.exactOptional(),
  }),
  /** Classifies an image that is nowhere on disk; the model stays open for the next one. */
  z.object({
    job: z.literal('predict-frame'),
    run: z.string().min(1),
    /** An encoded image, such as a JPEG, in base64. */
    image: z.base64().min(1).max(700_000),
  }),
  z.object({
    job: z.literal('features'),
    model: z.string().min(1),
    weights: z.string().nullable(),
    images: z.array(z.string()).min(1),
    layer: z.string().nullable(),
    resize: resizeSchema,
    preprocess: preprocessSchema.nullable(),
  }),
  z.object({
    job: z.literal('export'),
    run: z.string().min(1),
    format: z.enum(exportFormats),
    options: exportOptionsSchema,
    /** A folder that is not there yet, or is empty; with `force` one that an export of Thaw is in. */
    out: z.string().min(1),
    force: z.boolean(),
  }),
  z.object({ job: z.literal('inspect-model'), model: z.string().min(1) }),
  /** A layer's weights in numbers. */
  z.object({ job: z.literal('inspect-layer'), model: z.string().min(1), layer: z.string().min(1) }),
  estimateJobSchema,
  /** Every backbone there is. */
  z.object({ job: z.literal('backbones') }),
  /** Downloads a backbone's weights into the user's cache. */
  z.object({ job: z.literal('get-backbone'), name: z.string().min(1) }),
  z.object({
    job: z.literal('add-backbone'),
    /** A weights file the user has; it is copied. */
    file: z.string().min(1),
    /** The architecture it is for; null: told by the file. */
    name: z.string().min(1).nullable(),
  }),
  z.object({
    job: z.literal('measure-backbone'),
    name: z.string().min(1),
    /** Null: the backbone's own. */
    imageSize: z.number().int().min(16).max(4096).nullable(),
  }),
] as const;
