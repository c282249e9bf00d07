import type { z } from 'zod';
import type { DatasetReport } from '../dataset/index.ts';
import type { FindingKind } from '../../../shared/domain/dataset.ts';
import type { Evaluation, Prediction } from '../../../shared/domain/metrics.ts';
import type { ExportResult } from '../../../shared/domain/export.ts';
import type { TidyKind } from '../../../shared/domain/project/tidy.ts';
import type { NextPhase, TrainResult, TrainSettings } from '../../../shared/domain/run.ts';
import type { EstimateJob, PlanEstimate } from '../../../shared/ipc/model/estimate.ts';
import type { BackboneSpeed, CatalogueEntry } from '../../../shared/ipc/model/backbones.ts';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { readingSchema } from '../../../shared/ipc/model/evaluation.ts';
import type { DoctorReport } from '../../../shared/ipc/doctorReport.ts';
import type {
  FindingPage,
  ImageFilter,
  ImagePage,
  Picture,
  Rendition,
} from '../../../shared/ipc/dataset/images.ts';
import type { LayerWeights } from '../../../shared/ipc/model/layers.ts';
import type { ProjectChange, ProjectView } from '../../../shared/ipc/project/project.ts';
import type { CacheReport } from '../../../shared/ipc/training/cache.ts';
import type { JobResult } from '../../../shared/ipc/results.ts';
import type { LearningRateCurve, RunDetail } from '../../../shared/ipc/training/results.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import type { WrittenView } from '../../../shared/ipc/dataset/report.ts';
import type { RunList, RunSummary } from '../../../shared/ipc/training/runs.ts';
import type { Result } from '../../../shared/result.ts';
import { unreachable } from '../../../shared/errors.ts';
import type { JobContext } from './context.ts';

/** One image's activations at a layer, flattened row-major. */
export interface FeatureRow {
  readonly image: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly features: readonly number[];
}

export type FeaturesRequest = Omit<Extract<Job, { job: 'features' }>, 'job'>;
export type AugmentRequest = Omit<Extract<Job, { job: 'augment' }>, 'job'>;
export type ExportRequest = Omit<Extract<Job, { job: 'export' }>, 'job'>;

/** How images are read for a model that no run describes; what is absent the model tells. */
export type Reading = z.infer<typeof readingSchema>;

/** Which part of a list. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** The long commands of the engine: what a job runs. */
export interface Operations {
  train(settings: TrainSettings, out: string, context: JobContext): Promise<Result<TrainResult>>;
  /** @param next what the run goes on with in place of what was planned. */
  resume(run: string, context: JobContext, next?: NextPhase): Promise<Result<TrainResult>>;
  listRuns(folder: string): Promise<Result<RunList>>;
  readRun(run: string): Promise<Result<RunDetail>>;
  renameRun(run: string, title: string): Promise<Result<RunSummary>>;
  deleteRun(run: string): Promise<Result<{ readonly run: string }>>;
  evaluate(
    model: string,
    dataset: string | null,
    context: JobContext,
    reading?: Reading,
  ): Promise<Result<Evaluation>>;
  predict(
    model: string,
    images: readonly string[],
    context: JobContext,
    reading?: Reading,
  ): Promise<Result<Prediction[]>>;
  predictFrame(model: string, image: string, context: JobContext): Promise<Result<Prediction>>;
  features(request: FeaturesRequest, context: JobContext): Promise<Result<FeatureRow[]>>;
  export(request: ExportRequest, context: JobContext): Promise<Result<ExportResult>>;
  inspectDataset(
    dataset: string,
    options: { readonly isKept?: boolean; readonly mostFindings?: number },
    context: JobContext,
  ): Promise<Result<DatasetReport>>;
  listImages(
    dataset: string,
    filter: ImageFilter,
    page: Page,
    context: JobContext,
  ): Promise<Result<ImagePage>>;
  listFindings(
    dataset: string,
    kind: FindingKind,
    page: Page,
    context: JobContext,
  ): Promise<Result<FindingPage>>;
  pictureOf(dataset: string, image: string, rendition: Rendition): Promise<Result<Picture>>;
  augment(request: AugmentRequest, context: JobContext): Promise<Result<WrittenView[]>>;
  createProject(datasets: readonly string[], out: string, name: string | null): Promise<Result<ProjectView>>;
  openProject(location: string, home: string | null): Promise<Result<ProjectView>>;
  changeProject(project: string, change: ProjectChange): Promise<Result<ProjectView>>;
  tidyProject(
    project: string,
    kinds: readonly TidyKind[],
    context: JobContext,
  ): Promise<Result<JobResult<'tidy-project'>>>;
  addImages(
    project: string,
    label: string,
    files: readonly string[],
    context: JobContext,
  ): Promise<Result<JobResult<'add-images'>>>;
  inspectModel(model: string, context: JobContext): Promise<Result<ModelReport>>;
  inspectLayer(model: string, layer: string): Promise<Result<LayerWeights>>;
  estimate(request: EstimateJob, context: JobContext): Promise<Result<PlanEstimate>>;
  listBackboneCatalogue(): Promise<Result<CatalogueEntry[]>>;
  getBackbone(name: string, context: JobContext): Promise<Result<CatalogueEntry>>;
  addBackbone(file: string, name: string | null): Promise<Result<CatalogueEntry>>;
  measureBackbone(
    name: string,
    imageSize: number | null,
    context: JobContext,
  ): Promise<Result<BackboneSpeed>>;
  findLearningRate(settings: TrainSettings, context: JobContext): Promise<Result<LearningRateCurve>>;
  cache(action: 'list' | 'clear', context: JobContext): Promise<Result<CacheReport>>;
  doctor(options: { readonly provision: boolean }, context: JobContext): Promise<Result<DoctorReport>>;
}

function readingOf({ reading }: { readonly reading?: Reading }): Reading {
  return reading ?? {};
}

/** Runs the operation a job names. */
export function perform(operations: Operations, job: Job, context: JobContext): Promise<Result<unknown>> {
  switch (job.job) {
    case 'train':
      return operations.train(job.settings, job.out, context);
    case 'resume':
      return operations.resume(job.run, context, job.next);
    case 'list-runs':
      return operations.listRuns(job.folder);
    case 'read-run':
      return operations.readRun(job.run);
    case 'rename-run':
      return operations.renameRun(job.run, job.title);
    case 'delete-run':
      return operations.deleteRun(job.run);
    case 'evaluate':
      return operations.evaluate(job.run, job.dataset, context, readingOf(job));
    case 'predict':
      return operations.predict(job.run, job.images, context, readingOf(job));
    case 'predict-frame':
      return operations.predictFrame(job.run, job.image, context);
    case 'features':
      return operations.features(job, context);
    case 'export':
      return operations.export(job, context);
    case 'inspect-dataset':
      return operations.inspectDataset(job.dataset, job, context);
    case 'list-images':
      return operations.listImages(job.dataset, job.filter, job, context);
    case 'list-findings':
      return operations.listFindings(job.dataset, job.kind, job, context);
    case 'image-file':
      return operations.pictureOf(job.dataset, job.path, job.rendition);
    case 'augment':
      return operations.augment(job, context);
    case 'create-project':
      return operations.createProject(job.datasets, job.out, job.name);
    case 'open-project':
      return operations.openProject(job.location, job.home);
    case 'change-project':
      return operations.changeProject(job.project, job.change);
    case 'tidy-project':
      return operations.tidyProject(job.project, job.kinds, context);
    case 'add-images':
      return operations.addImages(job.project, job.label, job.files, context);
    case 'inspect-model':
      return operations.inspectModel(job.model, context);
    case 'inspect-layer':
      return operations.inspectLayer(job.model, job.layer);
    case 'estimate':
      return operations.estimate(job, context);
    case 'backbones':
      return operations.listBackboneCatalogue();
    case 'get-backbone':
      return operations.getBackbone(job.name, context);
    case 'add-backbone':
      return operations.addBackbone(job.file, job.name);
    case 'measure-backbone':
      return operations.measureBackbone(job.name, job.imageSize, context);
    case 'find-learning-rate':
      return operations.findLearningRate(job.settings, context);
    case 'cache':
      return operations.cache(job.action, context);
    case 'doctor':
      return operations.doctor({ provision: job.provision }, context);
    default:
      return unreachable(job);
  }
}

/** Whether a job trains: only one such job runs at a time. */
export function trains(job: Job): boolean {
  return job.job === 'train' || job.job === 'resume' || job.job === 'find-learning-rate';
}
