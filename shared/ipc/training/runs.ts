import { z } from 'zod';
import { count, measurementSchema } from '../values.ts';
import { trainSettingsSchema } from './trainSettings.ts';

/** What is told of runs that lie on disk. */

/** A line of `run.log`. */
export const runLogLineSchema = z.object({
  time: z.iso.datetime(),
  level: z.enum(['info', 'warning']),
  message: z.string(),
});
export type RunLogLine = z.infer<typeof runLogLineSchema>;

export const runSummarySchema = z.object({
  /** The run's folder. */
  run: z.string(),
  /** What the user calls it; the folder's name until told otherwise. */
  title: z.string(),
  /** ISO 8601. */
  created: z.string(),
  /** `interrupted`: not ended, and nobody trains it; it can be resumed. */
  state: z.enum(['done', 'training', 'interrupted']),
  dataset: z.string(),
  classes: z.array(z.string()),
  backbone: z.string(),
  settings: trainSettingsSchema,
  epochs: count,
  /** Of the epochs so far; null before the first. */
  best: z.object({ epoch: count, valAccuracy: measurementSchema, valLoss: measurementSchema }).nullable(),
  /** Time in epochs. */
  seconds: z.number(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runListSchema = z.object({
  folder: z.string(),
  /** The newest first. */
  runs: z.array(runSummarySchema),
  /** Folders that look like runs and cannot be read. */
  damaged: z.array(z.object({ run: z.string(), message: z.string() })),
});
export type RunList = z.infer<typeof runListSchema>;
