import type { ProjectView } from '../../../shared/ipc/project/project.ts';
import { trainingChoiceSchema } from '../../../shared/ipc/project/project.ts';
import type { Plan } from '../../../shared/domain/plan/factors.ts';
import { planFrom, planSettings } from '../../../shared/domain/plan/settings.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { useDataset } from './dataset.ts';
import { change } from './decisions.ts';
import { usePlan } from '../network/plan.ts';
import type { TrainingChoice } from '../training/settings.ts';
import { defaultChoice } from '../training/settings.ts';
import { useTraining } from '../training/training.ts';

/** A choice is kept once it has been left alone for so long. */
const restMs = 600;

/** Waits until nothing more comes, then does the last of it. */
function afterRest(work: () => void): () => void {
  let timer: number | undefined;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(work, restMs);
  };
}

/**
 * Keeps training settings, split and freeze plan in the open project as they are chosen, and takes them up again when
 * it is opened. Call it once.
 */
export function linkProject(): void {
  useDataset.subscribe(({ project }, before) => {
    if (project === null || project === before.project) return;
    const isOther = project.folder !== before.project?.folder;
    if (isOther) void takeUp(project);
    else if (differs(project.split, before.project?.split)) useTraining.getState().choose(splitOf(project));
    else if (project.training.resize !== before.project?.training.resize)
      useTraining.getState().choose({ resize: project.training.resize ?? defaultTrainSettings.resize });
  });
  const keepTraining = afterRest(() => void saveTraining());
  useTraining.subscribe(({ choice }, before) => {
    if (choice !== before.choice) keepTraining();
  });
  const keepPlan = afterRest(() => void savePlan());
  usePlan.subscribe(({ history, backbone }, before) => {
    if (history.present !== before.history.present || backbone !== before.backbone) keepPlan();
  });
}

async function takeUp(project: ProjectView): Promise<void> {
  const { plan, training } = project;
  const chosen = Object.fromEntries(Object.entries(training).filter(([, value]) => value !== undefined));
  // What it does not name has its default, not what another project chose.
  useTraining
    .getState()
    .choose({ ...defaultChoice, ...(chosen as Partial<TrainingChoice>), ...splitOf(project) });
  if (plan === null) return;
  const { backbone, open, isOpening } = usePlan.getState();
  if (plan.backbone !== backbone) await open(plan.backbone);
  else if (isOpening) await backboneRead();
  const { model, backbone: opened, history } = usePlan.getState();
  if (opened !== plan.backbone || model === null || useDataset.getState().project?.folder !== project.folder)
    return;
  const told = { thawFrom: null, thaw: plan.thawed, layerRates: plan.rates, layerL2sp: plan.l2sp };
  const kept = planFrom(model, told);
  const words = ({ thawed, rates, l2sp }: Plan): unknown => [[...thawed].sort(), [...rates], [...l2sp]];
  if (differs(words(history.present), words(kept))) usePlan.getState().plan(kept.thawed, kept);
}

/** Resolves when the backbone that is being read has been. */
function backboneRead(): Promise<void> {
  return new Promise((resolve) => {
    const stop = usePlan.subscribe(({ isOpening }) => {
      if (isOpening) return;
      stop();
      resolve();
    });
  });
}

async function saveTraining(): Promise<void> {
  const { project } = useDataset.getState();
  if (project === null) return;
  const { validationSplit, testSplit, seed, ...training } = useTraining.getState().choice;
  // What is being typed may not be a setting yet.
  const parsed = trainingChoiceSchema.safeParse(training);
  if (parsed.success && differs({ ...project.training, ...parsed.data }, project.training))
    await change({ type: 'training', training: parsed.data });
  const split = { validation: validationSplit, test: testSplit, seed };
  if (differs(split, useDataset.getState().project?.split)) await change({ type: 'split', split });
}

async function savePlan(): Promise<void> {
  const { project } = useDataset.getState();
  const state = usePlan.getState();
  const { backbone, model } = state;
  if (project === null || backbone === null || model === null) return;
  const { thaw, layerRates, layerL2sp } = planSettings(model, state);
  const plan = { backbone, thawed: thaw, rates: layerRates, l2sp: layerL2sp };
  if (differs(plan, project.plan)) await change({ type: 'plan', plan });
}

function splitOf({ split }: ProjectView): Pick<TrainingChoice, 'validationSplit' | 'testSplit' | 'seed'> {
  return { validationSplit: split.validation, testSplit: split.test, seed: split.seed };
}

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
