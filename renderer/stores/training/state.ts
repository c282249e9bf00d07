import type { Point } from '../../../shared/domain/chart/series.ts';
import { appendBounded } from '../../../shared/domain/chart/series.ts';
import type { LayerChange } from '../../../shared/domain/layerChanges.ts';
import type { EpochMetrics, PhaseName, TrainResult, TrainSettings } from '../../../shared/domain/run.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import { trainResultSchema } from '../../../shared/ipc/training/results.ts';
import type { RunLogLine } from '../../../shared/ipc/training/runs.ts';

export type TrainingStage = 'idle' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';

/** Whether a training is under way: nothing else can be trained, and its settings stand. */
export function isBusy(stage: TrainingStage): boolean {
  return stage === 'preparing' || stage === 'running' || stage === 'paused';
}

/** A phase as the engine announced it. */
export interface RunningPhase {
  readonly phase: PhaseName;
  /** At most so many epochs. */
  readonly epochs: number;
  readonly cut: string;
  readonly trainableParameters: number;
  /** Epochs of the run before it. */
  readonly after: number;
}

/** Something that happened. */
export interface LogLine {
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  readonly kind: 'phase' | 'epoch' | 'info' | 'warning' | 'held' | 'done' | 'error';
  readonly body: JobEvent['body'];
}

/** An event's body and when it happened. */
export type TimedEvent = Pick<JobEvent, 'time' | 'body'>;

/** One training: the run it makes and what has been heard of it. */
export interface Training {
  readonly state: TrainingStage;
  readonly jobId: string | null;
  readonly run: string | null;
  /** What it trains with; null after a reload, until the run's own file has been read. */
  readonly settings: TrainSettings | null;
  /** Epochs of the runs it continues, the oldest first. */
  readonly before: readonly EpochMetrics[];
  readonly epochs: readonly EpochMetrics[];
  /** The running means within epochs, thinned; places count from the run's beginning. */
  readonly batchLoss: readonly Point[];
  readonly batchAccuracy: readonly Point[];
  /** How far each layer went in the last epoch. */
  readonly layers: readonly LayerChange[];
  readonly phases: readonly RunningPhase[];
  /** What is under way, in the engine's own terms. */
  readonly progress: JobEvent['body'] | null;
  /** Share of the running epoch that is done. */
  readonly share: number;
  readonly log: readonly LogLine[];
  /** Bytes the engine's process holds. */
  readonly memory: number | null;
  /** Someone asked it to end with the best epoch kept. */
  readonly isStopping: boolean;
  /** It will pause before its next phase. */
  readonly holds: boolean;
  readonly result: TrainResult | null;
}

export const idle: Training = {
  state: 'idle',
  jobId: null,
  run: null,
  settings: null,
  before: [],
  epochs: [],
  batchLoss: [],
  batchAccuracy: [],
  layers: [],
  phases: [],
  progress: null,
  share: 0,
  log: [],
  memory: null,
  isStopping: false,
  holds: false,
  result: null,
};

/** Points kept of what happens within epochs, and lines of the log. */
export const bounds = { batchPoints: 4_000, logLines: 5_000 } as const;

/** The training as it is after an event. */
export function afterEvent(training: Training, event: TimedEvent): Training {
  return withLog(change(training, event.body), event);
}

function change(training: Training, body: JobEvent['body']): Training {
  switch (body.type) {
    case 'scan':
    case 'features':
    case 'progress':
      return { ...training, progress: body };
    case 'phase': {
      const after = training.epochs.length;
      const phases = [...training.phases.filter((one) => one.after !== after), { ...body, after }];
      return { ...training, state: 'running', progress: body, share: 0, phases };
    }
    case 'batch': {
      const share = body.batch / body.batches;
      const x = body.epoch - 1 + share;
      return {
        ...training,
        state: training.state === 'paused' ? 'paused' : 'running',
        progress: body,
        share,
        batchLoss: appendBounded(training.batchLoss, { x, y: body.loss }, bounds.batchPoints),
        batchAccuracy: appendBounded(training.batchAccuracy, { x, y: body.accuracy }, bounds.batchPoints),
      };
    }
    case 'epoch': {
      const { epochs } = training;
      const isNext = (epochs.at(-1)?.epoch ?? 0) < body.metrics.epoch;
      const before = isNext ? epochs : epochs.filter(({ epoch }) => epoch < body.metrics.epoch);
      const layers = body.layers ?? training.layers;
      return { ...training, epochs: [...before, body.metrics], layers, share: 0 };
    }
    case 'memory':
      return { ...training, memory: body.bytes };
    case 'holds':
      return { ...training, holds: body.isOn };
    case 'paused':
      return { ...training, state: 'paused' };
    case 'resumed':
      return { ...training, state: 'running' };
    case 'done': {
      const result = trainResultSchema.safeParse(body.result);
      const ended = { ...training, progress: null, isStopping: false };
      if (!result.success) return { ...ended, state: 'failed' };
      return { ...ended, state: 'done', result: result.data, epochs: result.data.epochs };
    }
    case 'failed': {
      const state = body.error.code === 'cancelled' ? 'stopped' : 'failed';
      return { ...training, state, progress: null, isStopping: false };
    }
    case 'log':
      return training;
  }
}

/** A run's log on disk, as it is shown. */
export function logOf(lines: readonly RunLogLine[]): readonly LogLine[] {
  return lines.slice(-bounds.logLines).map(({ time, level, message }, index) => ({
    id: index + 1,
    time,
    kind: level,
    body: { type: 'log', level, message },
  }));
}

const kinds: Partial<Record<JobEvent['body']['type'], LogLine['kind']>> = {
  phase: 'phase',
  epoch: 'epoch',
  log: 'info',
  paused: 'held',
  resumed: 'held',
  done: 'done',
  failed: 'error',
};

function withLog(training: Training, { time, body }: TimedEvent): Training {
  const kind = body.type === 'log' && body.level === 'warning' ? 'warning' : kinds[body.type];
  if (kind === undefined) return training;
  const id = (training.log.at(-1)?.id ?? 0) + 1;
  const log = [...training.log, { id, time, kind, body }];
  return { ...training, log: log.length > bounds.logLines ? log.slice(-bounds.logLines / 2) : log };
}
