import { channel } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { thawError } from '../../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../../shared/result.ts';
import { builtEntry } from '../../../runtime/packageRoot.ts';
import { coreCount } from '../../../runtime/threads.ts';
import type { ImageWork, WorkerReply, WorkerRequest } from './protocol.ts';

export interface PoolOptions {
  /** Worker threads; default one per core. */
  readonly workers?: number;
  /** The worker's bundle; default the built one. */
  readonly entry?: string;
  /**
   * Tasks a worker is given at once; default 2, which hides reading a file behind decoding another. More bridge the
   * moments in which this thread has no time to hand out work.
   */
  readonly tasksPerWorker?: number;
}

/** One piece of work. `load` may run twice, when a worker died with it. */
export interface Task {
  readonly path: string;
  readonly work: ImageWork;
  readonly load: () => Promise<Result<WorkerRequest['input']>>;
}

export interface DecodePool {
  /** How many tasks are worked on at once; more wait in `run`, so callers should not start many more. */
  readonly capacity: number;
  run(task: Task): Promise<Result<WorkerReply>>;
  close(): Promise<void>;
}

/** Told of everything that is given to a worker: { path, work }, the kind of work. For who counts decodes. */
const decodes = channel('thaw:decode');

interface Job {
  readonly task: Task;
  readonly settle: (result: Result<WorkerReply>) => void;
  /** It was with a worker that died, so it goes alone. */
  suspect: boolean;
}

interface Slot {
  worker: Worker | null;
  readonly jobs: Map<number, Job>;
}

/** Keeps the native library loaded while worker threads come and go; loaded beside them, not before. */
let library: Promise<unknown> | null = null;

/**
 * Worker threads that decode. A worker that dies is replaced; what it was working on is tried once more, each item
 * alone, and fails with `engine-crashed` if that kills the worker too.
 */
export function createPool(options: PoolOptions = {}): DecodePool {
  const entry = options.entry ?? builtEntry('decode-worker');
  if (!existsSync(entry)) throw new Error(`${entry} is missing; build it with npm run build.`);
  const count = Math.max(1, options.workers ?? coreCount());
  const jobsPerWorker = options.tasksPerWorker ?? 2;
  const slots: Slot[] = Array.from({ length: count }, () => ({ worker: null, jobs: new Map() }));
  const queue: Job[] = [];
  let nextId = 1;
  let closed = false;

  const start = (slot: Slot): Worker => {
    const worker = new Worker(entry);
    let reason = 'the worker ended';
    worker.on('message', (reply: WorkerReply) => {
      const job = slot.jobs.get(reply.id);
      slot.jobs.delete(reply.id);
      if (slot.jobs.size === 0) worker.unref();
      job?.settle(reply.type === 'failed' ? err(reply.error) : ok(reply));
      pump();
    });
    worker.on('error', (cause) => {
      reason = cause.message;
    });
    worker.on('exit', () => {
      if (slot.worker === worker) slot.worker = null;
      const lost = [...slot.jobs.values()];
      slot.jobs.clear();
      for (const job of lost) {
        if (closed || job.suspect) {
          job.settle(
            err(thawError('engine-crashed', `Decoding ${job.task.path} failed.`, { found: reason })),
          );
        } else {
          job.suspect = true;
          queue.unshift(job);
        }
      }
      pump();
    });
    slot.worker = worker;
    library ??= import('sharp');
    return worker;
  };

  const give = async (slot: Slot, job: Job) => {
    const id = nextId++;
    slot.jobs.set(id, job);
    const input = await job.task
      .load()
      .catch((cause: unknown) =>
        err(thawError('input-corrupt', `${job.task.path} cannot be read.`, { found: String(cause) })),
      );
    if (slot.jobs.get(id) !== job) return;
    if (!input.ok) {
      slot.jobs.delete(id);
      job.settle(input);
      pump();
      return;
    }
    const { path, work } = job.task;
    decodes.publish({ path, work: work.type });
    const request: WorkerRequest = { id, path, work, input: input.value };
    const worker = slot.worker ?? start(slot);
    worker.ref();
    worker.postMessage(request, transferable(input.value));
  };

  const pump = () => {
    for (;;) {
      const job = queue[0];
      if (job === undefined || closed) return;
      const room = job.suspect ? 1 : jobsPerWorker;
      const slot = slots
        .filter((one) => one.jobs.size < room && ![...one.jobs.values()].some((busy) => busy.suspect))
        .sort((a, b) => a.jobs.size - b.jobs.size)[0];
      if (slot === undefined) return;
      queue.shift();
      void give(slot, job);
    }
  };

  return {
    capacity: count * jobsPerWorker,
    run: (task) =>
      new Promise((resolve) => {
        if (closed) {
          resolve(err(thawError('cancelled', 'The decoder is closed.')));
          return;
        }
        queue.push({ task, settle: resolve, suspect: false });
        pump();
      }),
    close: async () => {
      closed = true;
      const rest = queue.splice(0);
      for (const job of rest) job.settle(err(thawError('cancelled', 'The decoder is closed.')));
      await library;
      await Promise.all(slots.map((slot) => slot.worker?.terminate()));
    },
  };
}

function transferable(input: WorkerRequest['input']): ArrayBuffer[] {
  if (!('bytes' in input)) return [];
  const { buffer, byteLength } = input.bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
