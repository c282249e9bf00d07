import type { EpochMetrics } from '../../../../../shared/domain/run.ts';
import type { Decoder } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { RecordedEpoch } from '../../../project/checkpoint.ts';
import type { OpenRun } from '../../../project/runFolder.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';

/** A training under way: what it works with from its first phase to its result. */
export interface Training {
  readonly run: OpenRun;
  readonly preparation: Preparation;
  readonly decoder: Decoder;
  readonly context: JobContext;
  readonly spent: Spent;
}

/** What computing features took over all phases, and what computed them last. */
export interface Spent {
  features: number;
  provider: string;
}

/** The metrics of epochs that are recorded. */
export function metricsOf(history: readonly RecordedEpoch[]): EpochMetrics[] {
  return history.map(({ metrics }) => metrics);
}
