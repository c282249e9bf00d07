import { planSettings } from '../../../shared/domain/plan/settings.ts';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { usePlan } from '../network/plan.ts';
import type { Training } from './state.ts';

/** What the settings form chooses; dataset, backbone and plan are chosen at their own stations. */
export type TrainingChoice = Omit<
  TrainSettings,
  | 'dataset'
  | 'validation'
  | 'backbone'
  | 'weights'
  | 'freeze'
  | 'thawFrom'
  | 'thaw'
  | 'layerRates'
  | 'layerL2sp'
  | 'continueFrom'
>;

export const defaultChoice: TrainingChoice = {
  ...defaultTrainSettings,
  fineTuneEpochs: 10,
  fineTuneLearningRate: 1e-4,
};

/** The settings of a new training; null while something for it is not there yet. */
export function newSettings(choice: TrainingChoice): TrainSettings | null {
  const { dataset } = useDataset.getState();
  const plan = usePlan.getState();
  const { backbone, thawed } = plan;
  if (dataset === null || backbone === null || useApp.getState().hello === null) return null;
  return {
    ...defaultTrainSettings,
    ...choice,
    dataset: dataset.location,
    backbone,
    ...planSettings(plan.model, plan),
    fineTuneEpochs: thawed.size > 0 ? choice.fineTuneEpochs : 0,
  };
}

/** One phase from the weights of a run that has ended. What decides the network is as it was there. */
export function continuedSettings(fresh: TrainSettings, { run, settings }: Training): TrainSettings {
  const { backbone, headUnits, dropout, imageSize, resize, preprocess, seed, validationSplit, testSplit } =
    settings ?? fresh;
  return {
    ...fresh,
    ...{ backbone, headUnits, dropout, imageSize, resize, preprocess, seed, validationSplit, testSplit },
    epochs: fresh.thaw.length > 0 ? 0 : fresh.epochs,
    laterPhases: [],
    continueFrom: run,
  };
}

/** A folder for a new run: in the open project, else where runs without a project are. */
export function newRunFolder(): string {
  const { dataset, project } = useDataset.getState();
  const place = project?.runs ?? useApp.getState().hello?.runs ?? '';
  const name = dataset?.dataset.replace(/[^\w.-]+/g, '-') ?? '';
  return `${place}/${name}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
}
