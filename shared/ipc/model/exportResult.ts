import { z } from 'zod';
import { exportFormats, weightTypes } from '../../domain/export.ts';
import { count, measurementSchema } from '../values.ts';

const probabilities = z.array(measurementSchema).readonly();

export const exportOptionsSchema = z.object({
  weights: z.enum(weightTypes).default('float32'),
  batch: z.enum(['dynamic', 'one']).default('dynamic'),
});

/** `thaw export --json`, for one format. */
export const exportResultSchema = z.object({
  format: z.enum(exportFormats),
  weights: z.enum(weightTypes),
  batch: z.enum(['dynamic', 'one']),
  directory: z.string(),
  files: z.array(z.string()).readonly(),
  modelBytes: count,
  classes: z.array(z.string()).readonly(),
  verified: z.object({
    runtime: z.string().nullable(),
    images: count,
    maxAbsDifference: z.number().nullable(),
    labelAgreement: z.number().nullable(),
    tolerance: z.number().nullable(),
  }),
  accuracy: z.object({ images: count, before: z.number(), after: z.number() }).nullable(),
  golden: z
    .array(
      z.object({
        image: z.string(),
        source: z.string().nullable(),
        label: z.string().nullable(),
        probabilities,
        exported: probabilities.nullable(),
      }),
    )
    .readonly(),
  snippet: z.object({ language: z.string(), file: z.string(), code: z.string() }),
  notices: z.array(z.string()).readonly(),
});
