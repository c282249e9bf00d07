import type { EpochMetrics } from '../../../shared/domain/run.ts';
import type { RunDetail } from '../../../shared/ipc/training/results.ts';
import { runJob } from '../engine.ts';
import type { Training } from './state.ts';
import { idle, logOf } from './state.ts';

/** The most runs a run may have gone on from one after another. */
const longestChain = 20;

/** The epochs of the run that was continued, and of those before it; runs that are gone are left out. */
export async function earlierEpochs(run: string | null): Promise<readonly EpochMetrics[]> {
  let epochs: readonly EpochMetrics[] = [];
  for (let next = run, runs = 0; next !== null && runs < longestChain; runs += 1) {
    const detail = await runJob({ job: 'read-run', run: next });
    if (!detail.ok) return epochs;
    epochs = [...detail.value.history, ...epochs];
    next = detail.value.settings.continueFrom;
  }
  return epochs;
}

/** A run on disk as the present training: ended, or stopped. */
export function trainingOf(detail: RunDetail, before: readonly EpochMetrics[]): Training {
  const { run, settings, history, layers, result, log } = detail;
  return {
    ...idle,
    state: result === null ? 'stopped' : 'done',
    run,
    settings,
    before,
    epochs: history,
    layers,
    log: logOf(log),
    result,
  };
}
