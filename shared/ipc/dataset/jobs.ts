import { z } from 'zod';
import { findingKinds } from '../../domain/dataset.ts';
import { resizeSchema } from '../values.ts';
import { imageFilterSchema, mostRows, renditionSchema, viewNameSchema } from './images.ts';

/** Jobs about the images of a dataset. */
export const datasetJobs = [
  z.object({
    job: z.literal('inspect-dataset'),
    dataset: z.string().min(1),
    /** Takes the files as they were when they were last looked at, if that is still known; decisions are read anew. */
    isKept: z.boolean().exactOptional(),
    /** Most findings in the report; the rest by `list-findings`. */
    mostFindings: z.number().int().min(0).exactOptional(),
  }),
  z.object({
    job: z.literal('list-images'),
    dataset: z.string().min(1),
    filter: imageFilterSchema,
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(mostRows),
  }),
  z.object({
    job: z.literal('list-findings'),
    dataset: z.string().min(1),
    kind: z.enum(findingKinds),
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(200),
  }),
  z.object({
    job: z.literal('image-file'),
    dataset: z.string().min(1),
    path: z.string().min(1),
    rendition: renditionSchema,
  }),
  /** Writes the variations of image files that a training is shown. */
  z.object({
    job: z.literal('augment'),
    images: z.array(z.string().min(1)).min(1),
    /** A folder that is not there yet, or is empty. */
    out: z.string().min(1),
    /** Side of the square input in pixels. */
    size: z.number().int().min(8).max(4096),
    resize: resizeSchema,
    ...viewNameSchema.omit({ number: true }).shape,
    /** `none`: the images themselves, to be mixed. */
    strength: z.enum(['none', 'light', 'strong']),
    /** Alphas of MixUp and CutMix, by which the images, as one step, are mixed with one another; 0: not. */
    mixup: z.number().min(0).max(10).default(0),
    cutmix: z.number().min(0).max(10).default(0),
    /** Variations of each image. */
    views: z.number().int().min(1).max(1000),
  }),
] as const;
