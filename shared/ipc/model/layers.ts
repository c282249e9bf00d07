import { z } from 'zod';
import { count, measurementSchema } from '../values.ts';

/** How a tensor's values are spread: `counts` over as many equally wide bins from the least to the greatest value. */
export const histogramSchema = z.object({
  from: z.number(),
  to: z.number(),
  counts: z.array(count),
});

/** A weight's values in numbers. What is not finite is counted and left out of everything else. */
export const weightStatisticsSchema = z.object({
  /** Keras's name of it within the layer: kernel, bias, gamma… */
  name: z.string(),
  shape: z.array(count),
  /** Whether training changes it by gradient when the layer is thawed; moving statistics it does not. */
  isTrainable: z.boolean(),
  min: measurementSchema,
  max: measurementSchema,
  mean: measurementSchema,
  /** Standard deviation of the values themselves, as NumPy's `std`. */
  std: measurementSchema,
  /** Values that are exactly 0. */
  zeros: count,
  notFinite: count,
  /** Null without a finite value. */
  histogram: histogramSchema.nullable(),
});
export type WeightStatistics = z.infer<typeof weightStatisticsSchema>;

/** `thaw inspect MODEL --layer NAME --json`. */
export const layerWeightsSchema = z.object({
  model: z.string(),
  layer: z.string(),
  type: z.string(),
  /** The layer that owns the weights, where several calls of one Keras layer share them. */
  sharedWith: z.string().nullable(),
  weights: z.array(weightStatisticsSchema),
});
export type LayerWeights = z.infer<typeof layerWeightsSchema>;
