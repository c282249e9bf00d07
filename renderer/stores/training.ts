import { create } from 'zustand';
import type { EpochMetrics, TrainResult } from '../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import type { Job, JobEvent } from '../../shared/ipc/contract.ts';
import { trainResultSchema } from '../../shared/ipc/results.ts';
import { useApp } from './app.ts';
import { useDataset } from './dataset.ts';
import { controlJob, joinJob, runJob } from './engine.ts';
import { useInsight } from './insight.ts';
import { usePlan } from './plan.ts';

export type TrainingStage = 'idle' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';

/** Whether a training is under way: nothing else can be trained, and its settings stand. */
export function isBusy(stage: TrainingStage): boolean {
  return stage === 'preparing' || stage === 'running' || stage === 'paused';
}

/** One training: the run it makes and what has been heard of it. */
export interface Training {
  readonly state: TrainingStage;
  readonly jobId: string | null;
  readonly run: string | null;
  readonly epochs: readonly EpochMetrics[];
  /** What is under way, in the engine's own terms. */
  readonly progress: JobEvent['body'] | null;
  readonly result: TrainResult | null;
}

export interface TrainingChoice {
  readonly epochs: number;
  readonly learningRate: number;
  readonly fineTuneEpochs: number;
  readonly fineTuneLearningRate: number;
  readonly batchSize: number;
}

interface TrainingState {
  readonly choice: TrainingChoice;
  readonly training: Training;
  choose(choice: Partial<TrainingChoice>): void;
  train(): Promise<void>;
  resume(): Promise<void>;
  control(type: 'pause' | 'unpause' | 'cancel'): Promise<void>;
}

const idle: Training = { state: 'idle', jobId: null, run: null, epochs: [], progress: null, result: null };

export const useTraining = create<TrainingState>()((set, get) => {
  const change = (training: Partial<Training>): void => {
    set({ training: { ...get().training, ...training } });
  };
  return {
    choice: {
      epochs: defaultTrainSettings.epochs,
      learningRate: defaultTrainSettings.learningRate,
      fineTuneEpochs: 10,
      fineTuneLearningRate: 1e-4,
      batchSize: defaultTrainSettings.batchSize,
    },
    training: idle,
    choose(choice) {
      set({ choice: { ...get().choice, ...choice } });
    },
    async train() {
      const { hello } = useApp.getState();
      const { dataset } = useDataset.getState();
      const { model, thawed } = usePlan.getState();
      if (dataset === null || hello === null || model === null) return;
      const run = `${hello.runs}/${dataset.dataset.replace(/[^\w.-]+/g, '-')}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
      set({ training: { ...idle, state: 'preparing', run } });
      const { choice } = get();
      const settings = {
        ...defaultTrainSettings,
        ...choice,
        dataset: dataset.location,
        backbone: model.name,
        thaw: [...thawed],
        headUnits: [],
        fineTuneEpochs: thawed.size > 0 ? choice.fineTuneEpochs : 0,
      };
      await followTraining({ job: 'train', settings, out: run }, run);
    },
    async resume() {
      const { run } = get().training;
      if (run === null) return;
      change({ state: 'preparing', result: null });
      await followTraining({ job: 'resume', run }, run);
    },
    async control(type) {
      const { jobId } = get().training;
      if (jobId === null) return;
      const done = await controlJob(type, jobId);
      if (!done.ok) useApp.getState().report(done.error);
    },
  };
});

useDataset.subscribe(({ dataset }, before) => {
  const isOther = before.dataset !== null && before.dataset.location !== dataset?.location;
  if (isOther) useTraining.setState({ training: idle });
});

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
  if (ended.ok) return;
  report(ended.error);
  if (isStarted) return;
  useTraining.setState(({ training }) => ({
    training: job.job === 'train' ? idle : { ...training, state: 'stopped' },
  }));
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

/** After a reload: the dataset is opened again and the training joined from its first event. */
export async function rejoinTraining(): Promise<void> {
  const stored = sessionStorage.getItem(rememberedKey);
  if (stored === null) return;
  const { dataset, run, jobId } = JSON.parse(stored) as Remembered;
  if (dataset !== null) void useDataset.getState().open(dataset);
  let isKnown = false;
  useTraining.setState({ training: { ...idle, state: 'preparing', run, jobId } });
  const ended = await joinJob('train', jobId, {
    onEvent(body) {
      isKnown = true;
      trainingEvent(body);
    },
  });
  if (ended.ok) return;
  // An engine that was restarted does not know the job any more; the run can go on all the same.
  if (isKnown) useApp.getState().report(ended.error);
  else useTraining.setState({ training: { ...idle, state: 'stopped', run } });
}

function trainingEvent(body: JobEvent['body']): void {
  const { training } = useTraining.getState();
  const next = afterEvent(training, body);
  if (next !== training) useTraining.setState({ training: next });
}

/** The training as it is after an event. */
export function afterEvent(training: Training, body: JobEvent['body']): Training {
  switch (body.type) {
    case 'scan':
    case 'features':
    case 'progress':
      return { ...training, progress: body };
    case 'phase':
      return { ...training, state: 'running', progress: body };
    case 'batch':
      return { ...training, state: training.state === 'paused' ? 'paused' : 'running', progress: body };
    case 'epoch': {
      const before = training.epochs.filter(({ epoch }) => epoch < body.metrics.epoch);
      return { ...training, epochs: [...before, body.metrics] };
    }
    case 'paused':
      return { ...training, state: 'paused' };
    case 'resumed':
      return { ...training, state: 'running' };
    case 'done': {
      const result = trainResultSchema.safeParse(body.result);
      if (!result.success) return { ...training, state: 'failed', progress: null };
      return { ...training, state: 'done', progress: null, result: result.data, epochs: result.data.epochs };
    }
    case 'failed':
      return { ...training, state: body.error.code === 'cancelled' ? 'stopped' : 'failed', progress: null };
    case 'log':
    case 'memory':
      return training;
  }
}
