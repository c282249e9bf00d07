import { z } from 'zod';
import { count, measurementSchema } from '../values.ts';
import { epochMetricsSchema, layerChangeSchema } from './metrics.ts';
import { runLogLineSchema, runSummarySchema } from './runs.ts';

const trainableAndFrozen = z.object({ trainable: count, frozen: count });

export const trainResultSchema = z.object({
  run: z.string(),
  backbone: z.string(),
  classes: z.array(z.string()),
  images: z.object({ train: count, validation: count }),
  parameters: trainableAndFrozen,
  layers: trainableAndFrozen,
  cut: z.string(),
  epochs: z.array(epochMetricsSchema),
  best: z.object({ epoch: count, valAccuracy: measurementSchema }),
  seconds: z.object({ scan: z.number(), features: z.number(), train: z.number(), total: z.number() }),
  runtime: z.object({ trainer: z.string(), prefix: z.string(), device: z.string() }),
  notices: z.array(z.string()),
});

/** A run with all its epochs, and its result once it has ended. */
export const runDetailSchema = runSummarySchema.extend({
  history: z.array(epochMetricsSchema),
  /** How far each layer went in the last epoch; nothing where that was not written down. */
  layers: z.array(layerChangeSchema).readonly().default([]),
  result: trainResultSchema.nullable(),
  /** What happened, the latest at the end. */
  log: z.array(runLogLineSchema),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

/** `thaw find-learning-rate --json`. */
export const learningRateCurveSchema = z.object({
  /** The phase it was tried on, and where that cuts the network. */
  phase: z.enum(['head', 'fine-tune']),
  cut: z.string(),
  /** The smoothed loss when it was trained with each learning rate in turn. */
  points: z.array(z.object({ learningRate: z.number(), loss: measurementSchema })),
  /** Where the loss falls fastest, at most a tenth of where it is lowest. */
  suggested: z.number(),
  lowest: z.number(),
});
export type LearningRateCurve = z.infer<typeof learningRateCurveSchema>;
