import { z } from 'zod';
import { trainSettingsSchema } from '../training/trainSettings.ts';
import { count } from '../values.ts';

/** What a training would cost, asked before it starts. */
export const estimateJobSchema = z.object({
  job: z.literal('estimate'),
  backbone: z.string().min(1),
  thawFrom: z.string().nullable(),
  thaw: z.array(z.string()).readonly(),
  classes: z.number().int().min(2).max(100_000),
  trainImages: count,
  validationImages: count,
  batchSize: z.number().int().min(1).max(65_536),
  imageSize: z.number().int().min(16).max(4096).nullable(),
  /** Its images, split as it says, are counted instead; decoding is measured, and what is kept of them is told. */
  dataset: z.string().min(1).nullable().default(null),
  /** Other settings that decide a cost; what is absent has its default. */
  recipe: trainSettingsSchema
    .pick({
      resize: true,
      preprocess: true,
      featurePrecision: true,
      augment: true,
      augmentFlip: true,
      augmentViews: true,
      seed: true,
      optimizer: true,
      averageMomentum: true,
      accumulate: true,
      l2sp: true,
      layerL2sp: true,
      batchNorm: true,
    })
    .partial()
    .default({}),
  /** Whether this machine may be measured, a few seconds; else only what was measured before is used. */
  measure: z.boolean(),
});
/** What is sent; the engine is given it with its defaults. */
export type EstimateJob = z.infer<typeof estimateJobSchema>;

const speedPointSchema = z.object({ multiplyAdds: z.number().min(0), seconds: z.number().min(0) });

/** See `Speed`. */
export const speedSchema = z.object({
  prefix: z.array(speedPointSchema).readonly(),
  step: z.array(speedPointSchema).readonly(),
});

/** `thaw estimate --json`. Times are estimates from short measurements, or null without any. */
export const planEstimateSchema = z.object({
  backbone: z.string(),
  cut: z.string().nullable(),
  parameters: z.object({ trainable: count, frozen: count }),
  /** For one image, forward. */
  multiplyAdds: z.object({ prefix: count, suffix: count }),
  /** Memory that training needs beside the program itself. */
  bytes: z.object({ weights: count, optimizer: count, activations: count, total: count }),
  /** On disk, for all images. */
  featureBytes: count,
  seconds: z.object({ scan: z.number(), once: z.number(), epoch: z.number() }).nullable(),
  images: z.object({ train: count, validation: count }),
  /** Seconds to decode an image of the dataset; null where that was not measured. */
  decode: z.number().nullable(),
  /** See `ScanWork`. */
  scan: z.object({ decoded: count, held: count }),
  /** Features of the dataset's images that are kept, by the layers they were computed at. */
  kept: z
    .array(z.object({ layers: z.array(z.string()).readonly(), train: count, validation: count }))
    .readonly(),
  /** What was measured on this machine with this network, now or before. */
  speed: speedSchema,
  device: z.string(),
});
export type PlanEstimate = z.infer<typeof planEstimateSchema>;
