import { create } from 'zustand';
import type { Evaluation, Prediction } from '../../shared/domain/metrics.ts';
import type { EpochMetrics, TrainResult } from '../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import type { Job, JobEvent } from '../../shared/ipc/contract.ts';
import type { DatasetSummary } from '../../shared/ipc/results.ts';
import {
  datasetReportSchema,
  evaluationSchema,
  modelReportSchema,
  predictionsSchema,
  trainResultSchema,
} from '../../shared/ipc/results.ts';
import type { Hello } from '../../shared/ipc/studio.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError } from '../../shared/errors.ts';
import type { Bridge } from '../bridge.ts';
import { usePlan } from './plan.ts';

export type Station = 'data' | 'network' | 'training' | 'insight';
export type TrainingState = 'idle' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';

export interface Training {
  readonly state: TrainingState;
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

interface StudioState {
  readonly station: Station;
  readonly isConnected: boolean;
  readonly hello: Hello | null;
  readonly error: ThawError | null;
  readonly dataset: DatasetSummary | null;
  readonly scan: { readonly done: number; readonly total: number | null } | null;
  readonly choice: TrainingChoice;
  readonly training: Training;
  readonly evaluation: Evaluation | null;
  readonly prediction: Prediction | null;
  go(station: Station): void;
  dismiss(): void;
  choose(choice: Partial<TrainingChoice>): void;
  openDataset(location: string): Promise<void>;
  train(): Promise<void>;
  resume(): Promise<void>;
  control(type: 'pause' | 'unpause' | 'cancel'): Promise<void>;
  evaluate(): Promise<void>;
  predict(image: string): Promise<void>;
}

const idle: Training = { state: 'idle', jobId: null, run: null, epochs: [], progress: null, result: null };

let bridge: Bridge | null = null;
/** What the jobs of this page are for. */
const purposes = new Map<string, Purpose>();
type Purpose = 'dataset' | 'model' | 'training' | 'evaluation' | 'prediction';

export const useStudio = create<StudioState>()((set, get) => {
  const start = async (job: Job, purpose: Purpose): Promise<string | null> => {
    const started = await bridge?.start(job);
    if (started?.ok !== true) {
      set({ error: started?.error ?? thawError('engine-crashed', 'There is no connection to the engine.') });
      return null;
    }
    purposes.set(started.value, purpose);
    return started.value;
  };
  return {
    station: 'data',
    isConnected: false,
    hello: null,
    error: null,
    dataset: null,
    scan: null,
    choice: {
      epochs: defaultTrainSettings.epochs,
      learningRate: defaultTrainSettings.learningRate,
      fineTuneEpochs: 10,
      fineTuneLearningRate: 1e-4,
      batchSize: defaultTrainSettings.batchSize,
    },
    training: idle,
    evaluation: null,
    prediction: null,
    go(station) {
      set({ station });
    },
    dismiss() {
      set({ error: null });
    },
    choose(choice) {
      set({ choice: { ...get().choice, ...choice } });
    },
    async openDataset(location) {
      set({ scan: { done: 0, total: null }, error: null });
      const id = await start({ job: 'inspect-dataset', dataset: location }, 'dataset');
      if (id === null) set({ scan: null });
    },
    async train() {
      const { dataset, hello, choice } = get();
      const { model, thawed } = usePlan.getState();
      if (dataset === null || hello === null || model === null) return;
      const run = `${hello.runs}/${dataset.dataset.replace(/[^\w.-]+/g, '-')}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
      const fresh = { ...idle, state: 'preparing' as const, run };
      set({ training: fresh, evaluation: null, prediction: null, error: null });
      const fineTuneEpochs = thawed.size > 0 ? choice.fineTuneEpochs : 0;
      const settings = {
        ...defaultTrainSettings,
        ...choice,
        dataset: dataset.location,
        backbone: model.name,
        thaw: [...thawed],
        headUnits: [],
        fineTuneEpochs,
      };
      const jobId = await start({ job: 'train', settings, out: run }, 'training');
      remember({ dataset: dataset.location, run, jobId });
      set({ training: jobId === null ? idle : { ...get().training, jobId } });
    },
    async resume() {
      const { training } = get();
      if (training.run === null) return;
      set({ training: { ...training, state: 'preparing', result: null }, error: null });
      const jobId = await start({ job: 'resume', run: training.run }, 'training');
      remember({ dataset: get().dataset?.location ?? null, run: training.run, jobId });
      set({ training: { ...get().training, state: jobId === null ? 'stopped' : 'preparing', jobId } });
    },
    async control(type) {
      const { jobId } = get().training;
      if (jobId === null) return;
      const done = await bridge?.control(type, jobId);
      if (done?.ok === false) set({ error: done.error });
    },
    async evaluate() {
      const run = get().training.result?.run;
      if (run !== undefined) await start({ job: 'evaluate', run, dataset: null }, 'evaluation');
    },
    async predict(image) {
      const run = get().training.result?.run;
      if (run !== undefined) await start({ job: 'predict', run, images: [image] }, 'prediction');
    },
  };
});

/** What a reload of the page takes up again. */
interface Remembered {
  readonly dataset: string | null;
  readonly run: string;
  readonly jobId: string | null;
}

const rememberedKey = 'training';

function remember(training: Remembered): void {
  sessionStorage.setItem(rememberedKey, JSON.stringify(training));
}

/** After a reload: the dataset is opened again and the training joined from its first event. */
async function rejoin(): Promise<void> {
  const stored = sessionStorage.getItem(rememberedKey);
  if (stored === null) return;
  const { dataset, run, jobId } = JSON.parse(stored) as Remembered;
  if (dataset !== null) await useStudio.getState().openDataset(dataset);
  if (jobId === null) return;
  purposes.set(jobId, 'training');
  useStudio.setState({ training: { ...idle, state: 'preparing', run, jobId } });
  const joined = await bridge?.join(jobId, 0);
  // An engine that was restarted does not know the job any more; the run can go on all the same.
  if (joined?.ok !== true) useStudio.setState({ training: { ...idle, state: 'stopped', run } });
}

/** What the bridge tells, into the stores. */
export const studioListener = {
  hello(hello: Hello): void {
    const isFirst = useStudio.getState().hello === null;
    useStudio.setState({ hello });
    const [backbone] = hello.backbones;
    if (!isFirst || backbone === undefined) return;
    void rejoin();
    void bridge?.start({ job: 'inspect-model', model: backbone.name }).then((started) => {
      if (started.ok) purposes.set(started.value, 'model');
      else useStudio.setState({ error: started.error });
    });
  },
  connected(isConnected: boolean): void {
    useStudio.setState({ isConnected });
  },
  error(error: ThawError): void {
    useStudio.setState({ error });
  },
  event({ jobId, body }: JobEvent): void {
    const purpose = purposes.get(jobId);
    if (body.type === 'failed' && body.error.code !== 'cancelled') useStudio.setState({ error: body.error });
    if (purpose === 'dataset') datasetEvent(body);
    if (purpose === 'model' && body.type === 'done') {
      const model = modelReportSchema.safeParse(body.result);
      if (model.success) usePlan.getState().load(model.data);
    }
    if (purpose === 'training') trainingEvent(body);
    if (purpose === 'evaluation' && body.type === 'done') {
      const evaluation = evaluationSchema.safeParse(body.result);
      if (evaluation.success) useStudio.setState({ evaluation: evaluation.data });
    }
    if (purpose === 'prediction' && body.type === 'done') {
      const predictions = predictionsSchema.safeParse(body.result);
      useStudio.setState({ prediction: predictions.data?.[0] ?? null });
    }
    if (body.type === 'done' || body.type === 'failed') purposes.delete(jobId);
  },
};

export function connectBridge(connected: Bridge): void {
  bridge = connected;
}

/** Address of an image of the open dataset. */
export function tokenOfBridge(): string {
  return bridge?.token ?? '';
}

function datasetEvent(body: JobEvent['body']): void {
  if (body.type === 'scan') useStudio.setState({ scan: { done: body.done, total: body.total } });
  if (body.type === 'failed') useStudio.setState({ scan: null });
  if (body.type !== 'done') return;
  const dataset = datasetReportSchema.safeParse(body.result);
  if (!dataset.success) return;
  const { dataset: before, training } = useStudio.getState();
  const isOther = before !== null && before.location !== dataset.data.location;
  useStudio.setState({ scan: null, dataset: dataset.data, training: isOther ? idle : training });
}

function trainingEvent(body: JobEvent['body']): void {
  const { training } = useStudio.getState();
  const next = afterEvent(training, body);
  if (next !== training) useStudio.setState({ training: next });
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
      return training;
  }
}
