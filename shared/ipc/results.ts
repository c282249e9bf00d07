import { z } from 'zod';
import { thawError } from '../errors.ts';
import type { Job } from './contract.ts';
import { imagePageSchema, findingPageSchema, pictureSchema } from './dataset/images.ts';
import { datasetReportSchema, writtenViewSchema } from './dataset/report.ts';
import { doctorReportSchema } from './doctorReport.ts';
import type { JobEvent } from './events.ts';
import { backboneSpeedSchema, catalogueEntrySchema, catalogueSchema } from './model/backbones.ts';
import { planEstimateSchema } from './model/estimate.ts';
import {
  evaluationSchema,
  featureRowsSchema,
  predictionSchema,
  predictionsSchema,
} from './model/evaluation.ts';
import { exportResultSchema } from './model/exportResult.ts';
import { layerWeightsSchema } from './model/layers.ts';
import { modelReportSchema } from './model/report.ts';
import { projectViewSchema } from './project/project.ts';
import { addedImagesSchema, tidiedSchema } from './project/results.ts';
import { cacheReportSchema } from './training/cache.ts';
import { learningRateCurveSchema, runDetailSchema, trainResultSchema } from './training/results.ts';
import { runListSchema, runSummarySchema } from './training/runs.ts';

/** What each job hands over when it is done. The host parses a `done` event's result with these. */
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
