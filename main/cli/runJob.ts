import { JobManager } from '../engine/jobs/jobManager.ts';
import type { Job } from '../../shared/ipc/contract.ts';
import { checkDone } from '../../shared/ipc/results.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { CommonOptions } from './command.ts';
import type { Io } from './io.ts';
import { progressView } from './progress.ts';

/**
 * Runs a job of the engine in this process and shows its progress. The first Ctrl-C cancels it cleanly; the engine's
 * error then says so. Its result has been checked against the contract.
 */
export async function runJob<T>(io: Io, options: CommonOptions, job: Job): Promise<Result<T>> {
  const manager = new JobManager(io.operations);
  const started = manager.start(job);
  if (!started.ok) return started;
  const view = progressView(io, options.progress);
  const stopListening = io.onInterrupt(() => {
    io.err('\nStopping after this step; press Ctrl-C again to stop at once.\n');
    manager.cancel(started.value);
  });
  try {
    return await new Promise<Result<T>>((resolve) => {
      const joined = manager.join(started.value, 0, (arrived) => {
        const event = checkDone(arrived, job);
        view.show(event);
        if (event.body.type === 'done') resolve(ok(event.body.result as T));
        if (event.body.type === 'failed') resolve(err(event.body.error));
      });
      if (!joined.ok) resolve(joined);
    });
  } finally {
    view.end();
    stopListening();
  }
}
