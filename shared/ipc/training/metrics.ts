import { z } from 'zod';
import { measurementSchema } from '../values.ts';

export const epochMetricsSchema = z.object({
  epoch: z.number().int(),
  phase: z.enum(['head', 'fine-tune']),
  phaseNumber: z.number().int().min(1).exactOptional(),
  loss: measurementSchema,
  accuracy: measurementSchema,
  valLoss: measurementSchema,
  valAccuracy: measurementSchema,
  learningRate: z.number(),
  seconds: z.number(),
  imagesPerSecond: measurementSchema,
});

/** See LayerChange. */
export const layerChangeSchema = z.object({
  layer: z.string(),
  norm: measurementSchema,
  change: measurementSchema,
  drift: measurementSchema,
});
