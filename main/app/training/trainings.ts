import type { Job } from '../../../shared/ipc/contract.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';

/** A running training as the taskbar shows it. */
export interface RunningTraining {
  readonly job: Job;
  readonly since: number;
  /** Epochs of all phases together; null for a resumed run, whose settings the host has not seen. */
  readonly epochs: number | null;
  /** Done epochs, with the part of the one under way. */
  readonly done: number;
}

/** What has ended, for telling the user. */
export interface EndedTraining {
  readonly seconds: number;
  readonly event: Extract<JobEvent['body'], { type: 'done' | 'failed' }>;
}

export function isTraining(job: Job): boolean {
  return job.job === 'train' || job.job === 'resume';
}

export function startedTraining(job: Job, now: number): RunningTraining {
  const epochs = job.job === 'train' ? job.settings.epochs + job.settings.fineTuneEpochs : null;
  return { job, since: now, epochs, done: 0 };
}

/** The training after one of its events. */
export function progressed(training: RunningTraining, body: JobEvent['body']): RunningTraining {
  if (body.type === 'epoch') return { ...training, done: Math.max(training.done, body.metrics.epoch) };
  if (body.type !== 'batch') return training;
  const done = body.epoch - 1 + body.batch / Math.max(1, body.batches);
  return { ...training, done: Math.max(training.done, done) };
}

/** What the taskbar shows: nothing (null), that something runs ('busy'), or how much of it is done, from 0 to 1. */
export function taskbarProgress(trainings: readonly RunningTraining[]): number | 'busy' | null {
  if (trainings.length === 0) return null;
  const known = trainings.filter(({ epochs, done }) => epochs !== null && epochs > 0 && done > 0);
  if (known.length < trainings.length) return 'busy';
  const shares = known.map(({ epochs, done }) => Math.min(1, done / (epochs ?? 1)));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
