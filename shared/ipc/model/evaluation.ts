import { z } from 'zod';
import { count, measurementSchema, preprocessSchema, resizeSchema } from '../values.ts';

/** How images are read for a classifier made elsewhere. */
export const readingSchema = z.object({
  /** How pixels are scaled; told by the model where absent. */
  preprocess: preprocessSchema.exactOptional(),
  /** How an image takes the input's shape; squash where absent. */
  resize: resizeSchema.exactOptional(),
});

export const evaluationSchema = z.object({
  images: count,
  accuracy: measurementSchema,
  loss: measurementSchema,
  classes: z.array(
    z.object({
      class: z.string(),
      precision: measurementSchema,
      recall: measurementSchema,
      f1: measurementSchema,
      support: count,
    }),
  ),
  confusion: z.array(z.array(count)),
  calibration: z.object({
    expectedCalibrationError: measurementSchema,
    bins: z.array(
      z.object({
        from: z.number(),
        to: z.number(),
        images: count,
        confidence: measurementSchema,
        accuracy: measurementSchema,
      }),
    ),
  }),
  mistakes: z.array(
    z.object({
      image: z.string(),
      label: z.string(),
      predicted: z.string(),
      confidence: measurementSchema,
    }),
  ),
  cells: z.array(
    z.object({
      label: z.string(),
      predicted: z.string(),
      images: z.array(z.object({ image: z.string(), confidence: measurementSchema })),
    }),
  ),
});

export const predictionSchema = z.object({
  image: z.string(),
  label: z.string(),
  confidence: measurementSchema,
  probabilities: z.record(z.string(), measurementSchema),
});
/** Predictions, in the order of the images. */
export const predictionsSchema = z.array(predictionSchema);

export const featureRowsSchema = z.array(
  z.object({
    image: z.string(),
    layer: z.string(),
    shape: z.array(count),
    /** Row-major; its length is the product of `shape`. */
    features: z.array(measurementSchema),
  }),
);
