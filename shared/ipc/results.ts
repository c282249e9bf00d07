import { z } from 'zod';
import { planEstimateSchema } from './estimate.ts';
import { backboneSpeedSchema, catalogueEntrySchema, catalogueSchema } from './backbones.ts';
import { exportResultSchema } from './exportResult.ts';
import { findingKinds } from '../domain/dataset.ts';
import { thawError } from '../errors.ts';
import type { Job, JobEvent } from './contract.ts';
import { doctorReportSchema } from './doctorReport.ts';
import { epochMetricsSchema, layerChangeSchema, measurementSchema } from './contract.ts';
import { findingPageSchema, imagePageSchema, pictureSchema } from './images.ts';
import { layerWeightsSchema } from './layers.ts';
import { projectViewSchema } from './project.ts';
import { runListSchema, runLogLineSchema, runSummarySchema } from './runs.ts';

/** What a finished job hands over, by job. The host parses a `done` event's result with these. */

const count = z.number().int().min(0);
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

/** A project after remedies were applied: how many images were set aside, and which settings changed. */
const tidiedSchema = z.object({
  project: projectViewSchema,
  setAside: count,
  training: z.object({
    classWeights: z.literal('auto').exactOptional(),
    resize: z.literal('pad').exactOptional(),
  }),
});

/** A variation of an image, see `viewNumber`, and the PNG it was written to. */
const writtenViewSchema = z.object({ image: z.string(), number: count, file: z.string() });
export type WrittenView = z.infer<typeof writtenViewSchema>;

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

const predictionSchema = z.object({
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

const shape = z.array(count).readonly();

const preprocessSchema = z.enum(['tf', 'torch', 'caffe', 'unit', 'none']);

/** `thaw inspect MODEL --json`. */
export const modelReportSchema = z.object({
  name: z.string(),
  /** `layers`: can be frozen and thawed; `graph`: inference only, a backbone that is always frozen. */
  kind: z.enum(['layers', 'graph']),
  /** [height, width, channels]. */
  inputShape: shape,
  outputShape: shape.nullable(),
  /** How pixels are scaled, where the model says so. */
  preprocess: preprocessSchema.nullable(),
  parameters: count.nullable(),
  weightsHash: z.string(),
  layers: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      block: z.string(),
      inputs: z.array(z.string()).readonly(),
      outputShape: shape,
      /** Its Keras configuration, without names, initializers and regularizers. */
      config: z.record(z.string(), z.json()).readonly(),
      /** Keras's names and shapes. */
      weights: z.array(z.object({ name: z.string(), shape })).readonly(),
      parameters: count,
      /** Parameters that training changes when the layer is thawed. */
      trainable: count,
      /** For one image, as papers count them. */
      multiplyAdds: count,
    }),
  ),
  blocks: z.array(z.object({ name: z.string(), layers: count, outputShape: shape, parameters: count })),
  /** Layers of the model's own classifier: a training puts a new head in their place. */
  replaced: z.array(z.string()).readonly(),
  /** What thawing from a block's first layer to the output trains: Keras's counts. */
  boundaries: z.array(z.object({ block: z.string(), thawFrom: z.string(), trainable: count, frozen: count })),
  /** What a graph is made of; null for layers. */
  graph: z
    .object({
      format: z.enum(['GraphModel', 'ONNX', 'SavedModel']),
      operations: count,
      outputs: z.array(z.string()).readonly(),
      /** The value that serves as features. */
      features: z.string(),
      /** Whether it takes images of any size, and `inputShape` is only usual. */
      anySize: z.boolean(),
      /** The scaling that is assumed when neither it nor the user tells. */
      usualPreprocess: preprocessSchema,
    })
    .nullable()
    .default(null),
});
export type ModelReport = z.infer<typeof modelReportSchema>;

export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  severity: z.enum(['error', 'warning', 'info']),
  paths: z.array(z.string()).readonly(),
  message: z.string(),
  excluded: z.boolean(),
});

const sides = { train: count, validation: count, test: count };

/** `thaw inspect DATASET --json`. */
export const datasetReportSchema = z.object({
  dataset: z.string(),
  kind: z.enum(['folder', 'zip', 'csv', 'project']),
  location: z.string(),
  fingerprint: z.string(),
  images: count,
  bytes: count,
  classes: z.array(z.object({ class: z.string(), images: count, examples: z.array(z.string()), ...sides })),
  split: z.object(sides).nullable(),
  formats: z.record(z.string(), count),
  size: z
    .object({
      smallest: z.array(count).length(2),
      median: z.array(count).length(2),
      largest: z.array(count).length(2),
    })
    .nullable(),
  findingCounts: z.partialRecord(z.enum(findingKinds), count),
  findings: z.array(findingSchema),
  /** Classes without a usable image that a project keeps. */
  emptyClasses: z.array(z.string()),
  /** Images a project has set aside. */
  setAside: count,
});
export type DatasetSummary = z.infer<typeof datasetReportSchema>;

export const addedImagesSchema = z.object({
  project: projectViewSchema,
  /** Paths in the project. */
  added: z.array(z.string()),
  /** Files that are no images Thaw decodes, and why. */
  refused: z.array(z.object({ file: z.string(), found: z.string() })),
});

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

/** `thaw cache --json`: features of frozen layers that are kept for the next run. */
export const cacheReportSchema = z.object({
  folder: z.string(),
  bytes: count,
  /** Above this, the least recently used are dropped. */
  limitBytes: count,
  entries: z.array(
    z.object({
      /** Empty for pixels, which any network can use. */
      backbone: z.string(),
      /** The layers whose outputs are kept; none for pixels. */
      layers: z.array(z.string()),
      images: count,
      encoding: z.enum(['float32', 'float16', 'pixels']),
      /** [width, height] of the images. */
      size: z.tuple([count, count]),
      /** The variation's strength and number; null for the images themselves. */
      view: z.object({ strength: z.enum(['light', 'strong']), number: count }).nullable(),
      bytes: count,
      lastUsed: z.iso.datetime(),
    }),
  ),
  /** What `clear` dropped. */
  dropped: z.object({ entries: count, bytes: count }).nullable(),
});
export type CacheReport = z.infer<typeof cacheReportSchema>;

/** What each job hands over when it is done. */
export const jobResultSchemas = {
  train: trainResultSchema,
  resume: trainResultSchema,
  'list-runs': runListSchema,
  'read-run': runDetailSchema,
  'rename-run': runSummarySchema,
  'delete-run': z.object({ run: z.string() }),
  evaluate: evaluationSchema,
  predict: predictionsSchema,
  'predict-frame': predictionSchema,
  features: featureRowsSchema,
  export: exportResultSchema,
  'inspect-dataset': datasetReportSchema,
  'list-images': imagePageSchema,
  'list-findings': findingPageSchema,
  'image-file': pictureSchema,
  augment: z.array(writtenViewSchema),
  'create-project': projectViewSchema,
  'open-project': projectViewSchema,
  'change-project': projectViewSchema,
  'tidy-project': tidiedSchema,
  'add-images': addedImagesSchema,
  'inspect-model': modelReportSchema,
  'inspect-layer': layerWeightsSchema,
  estimate: planEstimateSchema,
  backbones: catalogueSchema,
  'get-backbone': catalogueEntrySchema,
  'add-backbone': catalogueEntrySchema,
  'measure-backbone': backboneSpeedSchema,
  'find-learning-rate': learningRateCurveSchema,
  cache: cacheReportSchema,
  doctor: doctorReportSchema,
} as const satisfies Readonly<Record<Job['job'], z.ZodType>>;

/** The result of a job, by its name. */
export type JobResult<Name extends Job['job']> = z.output<(typeof jobResultSchemas)[Name]>;

/** A done event whose result is not what its job promises becomes a failed one; everything else passes as it is. */
export function checkDone(event: JobEvent, job: Job | undefined): JobEvent {
  if (event.body.type !== 'done' || job === undefined) return event;
  const parsed = jobResultSchemas[job.job].safeParse(event.body.result);
  if (parsed.success) return event;
  const error = thawError('contract', `The ${job.job} job ended with a result that is not in the contract.`, {
    found: z.prettifyError(parsed.error),
  });
  return { ...event, body: { type: 'failed', error } };
}
