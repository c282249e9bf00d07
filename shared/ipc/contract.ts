import { z } from 'zod';
import { exportFormats, weightTypes } from '../domain/export.ts';
import { findingKinds } from '../domain/dataset.ts';
import { tidyKinds } from '../domain/project/tidy.ts';
import { errorCodes } from '../errors.ts';
import { estimateJobSchema } from './estimate.ts';
import { imageFilterSchema, mostRows, renditionSchema, viewNameSchema } from './images.ts';
import { projectChangeSchema } from './project.ts';
import { nextPhaseSchema, trainSettingsSchema } from './trainSettings.ts';

export { trainSettingsSchema } from './trainSettings.ts';

/**
 * Everything that crosses a process boundary, declared once with its schema. Both sides parse on arrival;
 * what is not declared here is not sent.
 */

export const thawErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  expected: z.string().exactOptional(),
  found: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});

/**
 * A measured number. Unlike `z.number()` it admits NaN and Infinity, which a diverged training reports; null, as JSON
 * writes them, reads as NaN.
 */
export const measurementSchema = z.preprocess(
  (value) => (value === null ? NaN : value),
  z.custom<number>((value) => typeof value === 'number', 'expected a number'),
);

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

export const exportOptionsSchema = z.object({
  weights: z.enum(weightTypes).default('float32'),
  batch: z.enum(['dynamic', 'one']).default('dynamic'),
});

/** How images are read for a classifier made elsewhere. */
export const readingSchema = z.object({
  /** How pixels are scaled; told by the model where absent. */
  preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']).exactOptional(),
  /** How an image takes the input's shape; squash where absent. */
  resize: z.enum(['squash', 'crop', 'pad']).exactOptional(),
});

/** Jobs: long commands. Each answers with a job id at once, then with numbered events. */
export const jobSchema = z.discriminatedUnion('job', [
  z.object({ job: z.literal('train'), settings: trainSettingsSchema, out: z.string().min(1) }),
  z.object({
    job: z.literal('resume'),
    run: z.string().min(1),
    /** Another plan from here on, in place of what was planned. */
    next: nextPhaseSchema.exactOptional(),
  }),
  /** The runs below a folder, or those of a project, newest first. */
  z.object({ job: z.literal('list-runs'), folder: z.string().min(1) }),
  z.object({ job: z.literal('read-run'), run: z.string().min(1) }),
  /** Gives a run a title; its folder stays where it is. */
  z.object({
    job: z.literal('rename-run'),
    run: z.string().min(1),
    title: z.string().trim().min(1).max(200),
  }),
  /** Deletes a run's folder for good. */
  z.object({ job: z.literal('delete-run'), run: z.string().min(1) }),
  z.object({
    job: z.literal('evaluate'),
    run: z.string().min(1),
    /** Null: the images the run was validated on. */
    dataset: z.string().min(1).nullable(),
    reading: readingSchema.exactOptional(),
  }),
  z.object({
    job: z.literal('predict'),
    run: z.string().min(1),
    images: z.array(z.string()).min(1),
    reading: readingSchema.exactOptional(),
  }),
  /** Classifies an image that is nowhere on disk; the model stays open for the next one. */
  z.object({
    job: z.literal('predict-frame'),
    run: z.string().min(1),
    /** An encoded image, such as a JPEG, in base64. */
    image: z.base64().min(1).max(700_000),
  }),
  z.object({
    job: z.literal('features'),
    model: z.string().min(1),
    weights: z.string().nullable(),
    images: z.array(z.string()).min(1),
    layer: z.string().nullable(),
    resize: z.enum(['squash', 'crop', 'pad']),
    preprocess: z.enum(['tf', 'torch', 'caffe', 'unit', 'none']).nullable(),
  }),
  z.object({
    job: z.literal('export'),
    run: z.string().min(1),
    format: z.enum(exportFormats),
    options: exportOptionsSchema,
    /** A folder that is not there yet, or is empty; with `force` one that an export of Thaw is in. */
    out: z.string().min(1),
    force: z.boolean(),
  }),
  z.object({
    job: z.literal('inspect-dataset'),
    dataset: z.string().min(1),
    /** Takes the files as they were when they were last looked at, if that is still known; decisions are read anew. */
    isKept: z.boolean().exactOptional(),
    /** Most findings in the report; the rest by `list-findings`. */
    mostFindings: z.number().int().min(0).exactOptional(),
  }),
  z.object({
    job: z.literal('list-images'),
    dataset: z.string().min(1),
    filter: imageFilterSchema,
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(mostRows),
  }),
  z.object({
    job: z.literal('list-findings'),
    dataset: z.string().min(1),
    kind: z.enum(findingKinds),
    offset: z.number().int().min(0),
    limit: z.number().int().min(1).max(200),
  }),
  z.object({
    job: z.literal('image-file'),
    dataset: z.string().min(1),
    path: z.string().min(1),
    rendition: renditionSchema,
  }),
  /** Writes the variations of image files that a training is shown. */
  z.object({
    job: z.literal('augment'),
    images: z.array(z.string().min(1)).min(1),
    /** A folder that is not there yet, or is empty. */
    out: z.string().min(1),
    /** Side of the square input in pixels. */
    size: z.number().int().min(8).max(4096),
    resize: z.enum(['squash', 'crop', 'pad']),
    ...viewNameSchema.omit({ number: true }).shape,
    /** Variations of each image. */
    views: z.number().int().min(1).max(1000),
  }),
  z.object({
    job: z.literal('create-project'),
    /** Folders, zips or CSVs whose images stay where they are; none: a project that collects its own. */
    datasets: z.array(z.string().min(1)).max(100),
    /** A folder that is not there yet, or is empty. */
    out: z.string().min(1),
    /** Null: the name of the first dataset, or of the folder. */
    name: z.string().trim().min(1).max(200).nullable(),
  }),
  z.object({
    job: z.literal('open-project'),
    /** A project, or a dataset: then its project below `home`, which is made if there is none. */
    location: z.string().min(1),
    /** Null: only a project is opened. */
    home: z.string().min(1).nullable(),
  }),
  z.object({ job: z.literal('change-project'), project: z.string().min(1), change: projectChangeSchema }),
  z.object({
    job: z.literal('tidy-project'),
    project: z.string().min(1),
    /** Findings whose remedies are applied, all of these kinds at once. */
    kinds: z.array(z.enum(tidyKinds)).min(1),
  }),
  z.object({
    job: z.literal('add-images'),
    project: z.string().min(1),
    label: z.string(),
    /** Image files and folders of them, all added to one class: they are copied. */
    files: z.array(z.string().min(1)).min(1),
  }),
  z.object({ job: z.literal('inspect-model'), model: z.string().min(1) }),
  /** A layer's weights in numbers. */
  z.object({ job: z.literal('inspect-layer'), model: z.string().min(1), layer: z.string().min(1) }),
  estimateJobSchema,
  /** Every backbone there is. */
  z.object({ job: z.literal('backbones') }),
  /** Downloads a backbone's weights into the user's cache. */
  z.object({ job: z.literal('get-backbone'), name: z.string().min(1) }),
  z.object({
    job: z.literal('add-backbone'),
    /** A weights file the user has; it is copied. */
    file: z.string().min(1),
    /** The architecture it is for; null: told by the file. */
    name: z.string().min(1).nullable(),
  }),
  z.object({
    job: z.literal('measure-backbone'),
    name: z.string().min(1),
    /** Null: the backbone's own. */
    imageSize: z.number().int().min(16).max(4096).nullable(),
  }),
  /** Tries learning rates on the first phase of a training; nothing is written. */
  z.object({ job: z.literal('find-learning-rate'), settings: trainSettingsSchema }),
  /** Lists the kept features, or drops those no run is using. */
  z.object({ job: z.literal('cache'), action: z.enum(['list', 'clear']) }),
  z.object({ job: z.literal('doctor'), provision: z.boolean() }),
]);
export type Job = z.infer<typeof jobSchema>;

/** Small questions, asked by the thousand: nobody joins one again after its end. */
export function isQuery({ job }: Job): boolean {
  return job === 'list-images' || job === 'list-findings' || job === 'image-file' || job === 'predict-frame';
}

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

/** Requests to the engine process. Each is answered once, by `id`. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), id: z.number().int(), job: jobSchema }),
  z.object({ type: z.literal('pause'), id: z.number().int(), jobId: z.string() }),
  /** Pauses a training before its next phase; or does not after all. */
  z.object({ type: z.literal('hold'), id: z.number().int(), jobId: z.string(), isOn: z.boolean() }),
  z.object({ type: z.literal('unpause'), id: z.number().int(), jobId: z.string() }),
  z.object({ type: z.literal('cancel'), id: z.number().int(), jobId: z.string() }),
  /** Ends a training early but well: its best epoch is kept, and it is done. */
  z.object({ type: z.literal('stop'), id: z.number().int(), jobId: z.string() }),
  /** Replays events after `afterSeq`, then continues live. */
  z.object({ type: z.literal('join'), id: z.number().int(), jobId: z.string(), afterSeq: z.number().int() }),
  z.object({ type: z.literal('shutdown'), id: z.number().int() }),
]);
export type EngineRequest = z.infer<typeof requestSchema>;

/** Everything the engine process sends. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int() }),
  z.object({ type: z.literal('answer'), id: z.number().int(), jobId: z.string().nullable() }),
  z.object({ type: z.literal('refusal'), id: z.number().int().nullable(), error: thawErrorSchema }),
  z.object({ type: z.literal('event'), event: jobEventSchema }),
]);
export type EngineReply = z.infer<typeof replySchema>;
