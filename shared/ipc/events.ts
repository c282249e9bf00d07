import { z } from 'zod';
import { epochMetricsSchema, layerChangeSchema } from './training/metrics.ts';
import { measurementSchema, thawErrorSchema } from './values.ts';

/** What a job tells while it runs. */

/** The body of a job event, by kind. */
export const jobEventBodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('scan'),
    done: z.number().int(),
    /** Null until the source has been listed to its end. */
    total: z.number().int().nullable(),
    findings: z.number().int(),
  }),
  z.object({
    type: z.literal('features'),
    done: z.number().int(),
    total: z.number().int(),
    fromCache: z.number().int(),
    imagesPerSecond: measurementSchema,
  }),
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['head', 'fine-tune']),
    epochs: z.number().int(),
    cut: z.string(),
    trainableParameters: z.number().int(),
  }),
  z.object({
    type: z.literal('batch'),
    epoch: z.number().int(),
    batch: z.number().int(),
    batches: z.number().int(),
    loss: measurementSchema,
    accuracy: measurementSchema,
  }),
  z.object({
    type: z.literal('epoch'),
    metrics: epochMetricsSchema,
    /** How far each layer that trains went in it. */
    layers: z.array(layerChangeSchema).readonly().exactOptional(),
  }),
  z.object({ type: z.literal('progress'), what: z.string(), done: z.number(), total: z.number().nullable() }),
  /** Resident memory of the process that computes; at most once a second. */
  z.object({ type: z.literal('memory'), bytes: z.number().int() }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warning']), message: z.string() }),
  /** Whether the job will pause before its next phase. */
  z.object({ type: z.literal('holds'), isOn: z.boolean() }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: thawErrorSchema }),
]);

export const jobEventSchema = z.object({
  jobId: z.string(),
  /** From 1, without gaps within a job. */
  seq: z.number().int().min(1),
  /** When it happened. */
  time: z.iso.datetime(),
  body: jobEventBodySchema,
});
export type JobEvent = z.infer<typeof jobEventSchema>;
