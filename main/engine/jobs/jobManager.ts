import { randomUUID } from 'node:crypto';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import { isQuery } from '../../../shared/ipc/contract.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Operations } from './operations.ts';
import { trains } from './operations.ts';
import { defaultReplayLimit } from './replayBuffer.ts';
import { RunningJob } from './runningJob.ts';

export type JobListener = (event: JobEvent) => void;

export interface JobManagerOptions {
  /** Expendable events remembered per job, see ReplayBuffer. */
  readonly replayLimit?: number;
  /** Ended jobs that can still be joined; the oldest are forgotten. */
  readonly endedJobs?: number;
}

/** Runs the engine's long commands and lets anyone follow, pause, cancel and re-join them. */
export class JobManager {
  readonly #operations: Operations;
  readonly #replayLimit: number;
  readonly #endedJobs: number;
  readonly #jobs = new Map<string, RunningJob>();
  readonly #listeners = new Set<JobListener>();

  constructor(operations: Operations, options: JobManagerOptions = {}) {
    this.#operations = operations;
    this.#replayLimit = options.replayLimit ?? defaultReplayLimit;
    this.#endedJobs = options.endedJobs ?? 16;
  }

  /**
   * Starts a job and answers with its id before its first event. A second training is refused with `usage`: two
   * would share one processor and one memory, and both would be slower than one after the other.
   */
  start(job: Job): Result<string> {
    const training = trains(job) ? this.#running().find((other) => trains(other.job)) : undefined;
    if (training) {
      return err(
        thawError('usage', 'A training is already running; the engine runs one at a time.', {
          found: `job ${training.id}`,
          remedy: 'Wait until it ends, or cancel it.',
        }),
      );
    }
    const id = randomUUID();
    const publish = (event: JobEvent): void => {
      for (const listener of [...this.#listeners]) listener(event);
    };
    this.#jobs.set(
      id,
      new RunningJob(id, job, this.#operations, { replayLimit: this.#replayLimit, publish }),
    );
    this.#forgetOldest();
    return ok(id);
  }

  /** Holds the job at its next gate. Pausing what is paused or ended changes nothing. */
  pause(id: string): Result<void> {
    return this.#with(id, (job) => {
      job.pause();
    });
  }

  /** Holds a training before its next phase, or does not after all. */
  hold(id: string, isOn: boolean): Result<void> {
    return this.#with(id, (job) => {
      job.hold(isOn);
    });
  }

  unpause(id: string): Result<void> {
    return this.#with(id, (job) => {
      job.unpause();
    });
  }

  /** Asks the job to stop; it ends with `failed` of code `cancelled`, or with `done` if it was just done. */
  cancel(id: string): Result<void> {
    return this.#with(id, (job) => {
      job.cancel();
    });
  }

  /**
   * Asks a training to end early but well: it keeps its best epoch and ends with `done`. One that has no epoch yet ends
   * after its first. Fails with `usage` for other jobs.
   */
  stop(id: string): Result<void> {
    const job = this.#jobs.get(id);
    if (job && !trains(job.job))
      return err(
        thawError('usage', `A job of kind ${job.job.job} cannot be stopped with something to keep.`, {
          remedy: 'Cancel it.',
        }),
      );
    return this.#with(id, (running) => {
      running.stop();
    });
  }

  /** Cancels everything and resolves when it has stopped. */
  async cancelAll(): Promise<void> {
    const running = this.#running();
    for (const job of running) job.cancel();
    await Promise.all(running.map((job) => job.finished));
  }

  /** Every event of every job from now on. Returns the end of the subscription. */
  subscribe(listener: JobListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The recorded events of a job with a number above `afterSeq`. Fails with `usage` for an unknown job. */
  replay(id: string, afterSeq: number): Result<JobEvent[]> {
    const job = this.#jobs.get(id);
    return job ? ok(job.replay.after(afterSeq)) : err(unknownJob(id));
  }

  /**
   * Hands over the recorded events after `afterSeq` at once, then every later one as it happens. Returns the end of
   * the subscription.
   */
  join(id: string, afterSeq: number, listener: JobListener): Result<() => void> {
    const replay = this.replay(id, afterSeq);
    if (!replay.ok) return replay;
    for (const event of replay.value) listener(event);
    return ok(
      this.subscribe((event) => {
        if (event.jobId === id) listener(event);
      }),
    );
  }

  /** Resolves when the job has ended. */
  async finished(id: string): Promise<Result<void>> {
    const job = this.#jobs.get(id);
    if (!job) return err(unknownJob(id));
    await job.finished;
    return ok(undefined);
  }

  #running(): RunningJob[] {
    return [...this.#jobs.values()].filter((job) => !job.ended);
  }

  #with(id: string, action: (job: RunningJob) => void): Result<void> {
    const job = this.#jobs.get(id);
    if (!job) return err(unknownJob(id));
    action(job);
    return ok(undefined);
  }

  /** Queries come by the thousand; they do not make anyone forget a training. */
  #forgetOldest(): void {
    const ended = [...this.#jobs.values()].filter((job) => job.ended);
    for (const isOne of [true, false]) {
      const alike = ended.filter(({ job }) => isQuery(job) === isOne);
      for (const { id } of alike.slice(0, Math.max(0, alike.length - this.#endedJobs))) this.#jobs.delete(id);
    }
  }
}

function unknownJob(id: string): ThawError {
  return thawError('usage', `There is no job ${id}.`, {
    expected: 'the id of a job this engine process has started',
    remedy: 'Start it again; jobs of an engine process that ended are gone, their runs can be resumed.',
  });
}
