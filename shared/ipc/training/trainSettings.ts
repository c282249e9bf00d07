import { z } from 'zod';
import { preprocessSchema, resizeSchema } from '../values.ts';

const ratesSchema = z.record(z.string().min(1), z.number().min(0).max(100));
const strengthsSchema = z.record(z.string().min(1), z.number().min(0).max(10));

/** See NextPhase. */
export const nextPhaseSchema = z.object({
  thawFrom: z.string().min(1).nullable().default(null),
  thaw: z.array(z.string()).readonly(),
  epochs: z.number().int().min(1).max(100_000),
  learningRate: z.number().positive().max(100),
  layerRates: ratesSchema.exactOptional(),
  layerL2sp: strengthsSchema.exactOptional(),
});

/** What decides a run's result, see TrainSettings; what older runs do not name has its default. */
export const trainSettingsSchema = z.object({
  dataset: z.string().min(1),
  validation: z.string().nullable(),
  backbone: z.string().min(1),
  weights: z.string().nullable(),
  randomWeights: z.boolean(),
  epochs: z.number().int().min(0).max(100_000),
  batchSize: z.number().int().min(1).max(65_536),
  learningRate: z.number().positive().max(100),
  freeze: z.enum(['backbone', 'none']),
  thawFrom: z.string().nullable(),
  thaw: z.array(z.string()).readonly(),
  fineTuneEpochs: z.number().int().min(0).max(100_000),
  fineTuneLearningRate: z.number().positive().max(100),
  batchNorm: z.enum(['inference', 'update']),
  imageSize: z.number().int().min(16).max(4096).nullable(),
  resize: resizeSchema,
  preprocess: preprocessSchema.nullable(),
  validationSplit: z.number().gt(0).lt(1),
  testSplit: z.number().min(0).lt(1).default(0),
  seed: z.number().int().min(0).max(0xffff_ffff),
  earlyStop: z.number().int().min(0),
  classWeights: z.enum(['auto', 'none']),
  headUnits: z.array(z.number().int().min(1).max(65_536)).max(8).readonly(),
  dropout: z.number().min(0).lt(1).nullable(),
  continueFrom: z.string().min(1).nullable().default(null),
  augment: z.enum(['none', 'light', 'strong']).default('none'),
  augmentFlip: z.boolean().default(true),
  augmentViews: z.number().int().min(0).max(1000).default(8),
  mixup: z.number().min(0).max(10).default(0),
  cutmix: z.number().min(0).max(10).default(0),
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam'),
  momentum: z.number().min(0).lt(1).default(0.9),
  weightDecay: z.number().min(0).max(1).nullable().default(null),
  schedule: z.enum(['constant', 'cosine', 'one-cycle', 'plateau']).default('constant'),
  warmupEpochs: z.number().min(0).max(1000).default(0),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  clipNorm: z.number().min(0).default(0),
  accumulate: z.number().int().min(1).max(1024).default(1),
  averageMomentum: z.number().min(0).lt(1).default(0),
  l2sp: z.number().min(0).max(10).default(0),
  rateDecay: z.number().gt(0).max(1).default(1),
  layerRates: ratesSchema.default({}),
  layerL2sp: strengthsSchema.default({}),
  gradualUnfreeze: z.number().int().min(0).max(100).default(0),
  featurePrecision: z.enum(['float32', 'float16']).default('float32'),
  laterPhases: z
    .array(nextPhaseSchema.extend({ after: z.number().int().min(0) }))
    .readonly()
    .default([]),
});
