import { create } from 'zustand';
import { planSettings } from '../../shared/domain/plan/settings.ts';
import type { EpochMetrics, TrainSettings } from '../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import type { Job, JobEvent } from '../../shared/ipc/contract.ts';
import type { RunDetail } from '../../shared/ipc/results.ts';
import { messages } from '../messages/index.ts';
import { host } from '../bridge/index.ts';
import { say } from '../ui/toasts.ts';
import { percentText } from '../format.ts';
import { useApp } from './app.ts';
import { useDataset } from './dataset.ts';
import { controlJob, joinJob, runJob } from './engine.ts';
import { useInsight } from './insight.ts';
import { usePlan } from './plan.ts';
import { useRuntime } from './runtime.ts';
import { FrameQueue } from './training/frameQueue.ts';
import type { Training } from './training/training.ts';
import { afterEvent, idle } from './training/training.ts';

export { isBusy } from './training/training.ts';
export type { Training, TrainingStage } from './training/training.ts';

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

interface TrainingState {
  readonly choice: TrainingChoice;
  readonly training: Training;
  choose(choice: Partial<TrainingChoice>): void;
  /** Trains a new head, then what is thawed. */
  train(): Promise<void>;
  /** Starts a run from the best weights of the one that has ended, with the plan as it is now. */
  trainOn(): Promise<void>;
  resume(): Promise<void>;
  /** Shows a run that lies on disk as the present one. */
  show(detail: RunDetail): Promise<void>;
  control(type: 'pause' | 'unpause' | 'cancel' | 'stop'): Promise<void>;
}

const defaultChoice: TrainingChoice = {
  ...defaultTrainSettings,
  fineTuneEpochs: 10,
  fineTuneLearningRate: 1e-4,
};

export const useTraining = create<TrainingState>()((set, get) => ({
  choice: defaultChoice,
  training: idle,
  choose(choice) {
    set({ choice: { ...get().choice, ...choice } });
  },
  async train() {
    const settings = newSettings(get().choice);
    if (settings === null) return;
    const run = newRunFolder();
    set({ training: { ...idle, state: 'preparing', run, settings } });
    await followTraining({ job: 'train', settings, out: run }, run);
  },
  async trainOn() {
    const { training, choice } = get();
    const fresh = newSettings(choice);
    if (fresh === null || training.run === null || training.result === null) return;
    const settings = continued(fresh, training);
    const run = newRunFolder();
    const before = [...training.before, ...training.epochs];
    set({ training: { ...idle, state: 'preparing', run, settings, before } });
    await followTraining({ job: 'train', settings, out: run }, run);
  },
  async resume() {
    const { training } = get();
    if (training.run === null) return;
    const { run, settings, before, epochs, log } = training;
    set({ training: { ...idle, state: 'preparing', run, settings, before, epochs, log } });
    await followTraining({ job: 'resume', run }, run);
  },
  async show(detail) {
    const before = await earlierEpochs(detail.settings.continueFrom);
    set({ training: trainingOf(detail, before) });
  },
  async control(type) {
    const { training } = get();
    if (training.jobId === null) return;
    if (type === 'stop') set({ training: { ...training, isStopping: true } });
    const done = await controlJob(type, training.jobId);
    if (!done.ok) useApp.getState().report(done.error);
  },
}));

useDataset.subscribe(({ dataset }, before) => {
  const isOther = before.dataset !== null && before.dataset.location !== dataset?.location;
  if (isOther) useTraining.setState({ training: idle });
});

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
function continued(fresh: TrainSettings, { run, settings }: Training): TrainSettings {
  const { backbone, headUnits, dropout, imageSize, resize, preprocess, seed, validationSplit, testSplit } =
    settings ?? fresh;
  return {
    ...fresh,
    ...{ backbone, headUnits, dropout, imageSize, resize, preprocess, seed, validationSplit, testSplit },
    epochs: fresh.thaw.length > 0 ? 0 : fresh.epochs,
    continueFrom: run,
  };
}

function newRunFolder(): string {
  const { hello } = useApp.getState();
  const name = useDataset.getState().dataset?.dataset.replace(/[^\w.-]+/g, '-') ?? '';
  return `${hello?.runs ?? ''}/${name}-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
}

const events = new FrameQueue<JobEvent['body']>((bodies) => {
  useTraining.setState(({ training }) => ({ training: bodies.reduce(afterEvent, training) }));
});

function trainingEvent(body: JobEvent['body']): void {
  events.push(body);
  // A training may have set up what was missing before.
  if (body.type === 'phase' && useRuntime.getState().report?.healthy === false)
    void useRuntime.getState().look();
  if (body.type === 'done' || body.type === 'failed') events.flush();
}

/** Starts a training job and shows what it tells until it ends. */
async function followTraining(job: Extract<Job, { job: 'train' | 'resume' }>, run: string): Promise<void> {
  const { dismiss, report } = useApp.getState();
  dismiss();
  useInsight.getState().forget();
  let isStarted = false;
  const listener = {
    onId(jobId: string) {
      isStarted = true;
      remember({ dataset: useDataset.getState().dataset?.location ?? null, run, jobId });
      useTraining.setState(({ training }) => ({ training: { ...training, jobId } }));
    },
    onEvent: trainingEvent,
  };
  const ended = job.job === 'train' ? await runJob(job, listener) : await runJob(job, listener);
  if (ended.ok) {
    tellEnd(ended.value.best.valAccuracy);
    return;
  }
  report(ended.error);
  if (isStarted) return;
  useTraining.setState(({ training }) => ({
    training: job.job === 'train' ? idle : { ...training, state: 'stopped' },
  }));
}

/** Someone may be looking elsewhere: at another station, or out of the window. */
function tellEnd(accuracy: number): void {
  const text = messages.training;
  const best = text.ended(percentText(accuracy));
  // The window tells of a long training's end by itself.
  if (document.hidden && host().shell === 'browser') host().notify(text.state.done, best);
  if (useApp.getState().station !== 'training') say(text.state.done, best);
}

/** The most runs a run may have gone on from one after another. */
const longestChain = 20;

/** The epochs of the run that was continued, and of those before it; runs that are gone are left out. */
async function earlierEpochs(run: string | null): Promise<readonly EpochMetrics[]> {
  let epochs: readonly EpochMetrics[] = [];
  for (let next = run, runs = 0; next !== null && runs < longestChain; runs += 1) {
    const detail = await runJob({ job: 'read-run', run: next });
    if (!detail.ok) return epochs;
    epochs = [...detail.value.history, ...epochs];
    next = detail.value.settings.continueFrom;
  }
  return epochs;
}

function trainingOf(detail: RunDetail, before: readonly EpochMetrics[]): Training {
  const { run, settings, history, layers, result } = detail;
  return {
    ...idle,
    state: result === null ? 'stopped' : 'done',
    run,
    settings,
    before,
    epochs: history,
    layers,
    result,
  };
}

/** What a reload of the page takes up again. */
interface Remembered {
  readonly dataset: string | null;
  readonly run: string;
  readonly jobId: string;
}

const rememberedKey = 'training';

function remember(training: Remembered): void {
  sessionStorage.setItem(rememberedKey, JSON.stringify(training));
}

/** Events do not tell what a run trains with; its file does. */
async function recallSettings(run: string): Promise<void> {
  const detail = await runJob({ job: 'read-run', run });
  if (!detail.ok) return;
  const { settings } = detail.value;
  const before = await earlierEpochs(settings.continueFrom);
  useTraining.setState(({ training }) =>
    training.run === run ? { training: { ...training, settings, before } } : {},
  );
}

/** After a reload: the dataset is opened again and the training joined from its first event. */
export async function rejoinTraining(): Promise<void> {
  const stored = sessionStorage.getItem(rememberedKey);
  if (stored === null) return;
  const { dataset, run, jobId } = JSON.parse(stored) as Remembered;
  if (dataset !== null) void useDataset.getState().open(dataset);
  let isKnown = false;
  void recallSettings(run);
  useTraining.setState({ training: { ...idle, state: 'preparing', run, jobId } });
  const ended = await joinJob('train', jobId, {
    onEvent(body) {
      isKnown = true;
      trainingEvent(body);
    },
  });
  if (ended.ok) return;
  // An engine that was restarted does not know the job any more; the run can go on all the same.
  if (isKnown) {
    useApp.getState().report(ended.error);
    return;
  }
  const detail = await runJob({ job: 'read-run', run });
  if (detail.ok) await useTraining.getState().show(detail.value);
  else useTraining.setState({ training: { ...idle, state: 'stopped', run } });
}
