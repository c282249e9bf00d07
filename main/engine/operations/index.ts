import { ok } from '../../../shared/result.ts';
import type { Operations } from '../jobs/operations.ts';
import { diagnose } from '../runtime/doctor.ts';
import { cache } from './cache.ts';
import { estimate } from './estimate/estimate.ts';
import { evaluate } from './model/evaluate/evaluate.ts';
import { features } from './model/features.ts';
import { findLearningRate } from './training/findLearningRate.ts';
import { augment, inspectDataset, listFindings, listImages, pictureOf } from './dataset/index.ts';
import { inspectLayer } from './model/inspectLayer.ts';
import { inspectModel } from './model/inspect.ts';
import { addImages, changeProject, createProject, openProject, tidyProject } from './project/index.ts';
import { predict } from './model/predict.ts';
import { predictFrame } from './model/predictFrame.ts';
import { resume } from './training/resume.ts';
import { deleteRun, listRuns, readRun, renameRun } from './training/runs.ts';
import { train } from './training/train.ts';

// What writes HDF5 and flatbuffers or speaks HTTP takes a while to load, and most commands need none of it.
const exporting = () => import('./model/export.ts');
const backbones = () => import('./model/backbones.ts');

/** Everything the engine does, as jobs run it. */
export const operations: Operations = {
  train,
  resume,
  listRuns,
  readRun,
  renameRun,
  deleteRun,
  evaluate,
  predict,
  predictFrame,
  features,
  export: async (...asked) => (await exporting()).exportRun(...asked),
  inspectDataset,
  listImages,
  listFindings,
  pictureOf,
  augment,
  createProject,
  openProject,
  changeProject,
  tidyProject,
  addImages,
  inspectModel,
  inspectLayer,
  estimate,
  listBackboneCatalogue: async (...asked) => (await backbones()).listBackboneCatalogue(...asked),
  getBackbone: async (...asked) => (await backbones()).getBackbone(...asked),
  addBackbone: async (...asked) => (await backbones()).addBackbone(...asked),
  measureBackbone: async (...asked) => (await backbones()).measureBackbone(...asked),
  cache,
  findLearningRate,
  async doctor({ provision }, context) {
    const onProgress = (progress: { what: string; done: number; total: number | null }): void => {
      context.emit({ type: 'progress', ...progress });
    };
    return ok(await diagnose({ provision, onProgress, signal: context.signal }));
  },
};
