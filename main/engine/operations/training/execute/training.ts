import type { EpochMetrics } from '../../../../../shared/domain/run.ts';
import type { Decoder } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { RecordedEpoch } from '../../../project/checkpoint.ts';
import type { OpenRun } from '../../../project/run/openRun.ts';
import { phasesAt } from '../../../training/laterPhases.ts';
import type { Phase } from '../../../training/phases.ts';
import type { Position } from '../../../training/progress.ts';
import { positionAfter } from '../../../training/progress.ts';
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

/** The phases of a run as they stand after these epochs. */
export function phasesAfter(
  { phases, decided }: Preparation,
  history: readonly RecordedEpoch[],
): readonly Phase[] {
  return phasesAt(
    phases,
    decided,
    history.map(({ phaseIndex }) => phaseIndex),
  );
}

/** Where a run is after these epochs, by its phases as they stand then; null when it is over. */
export function positionIn(preparation: Preparation, history: readonly RecordedEpoch[]): Position | null {
  const planned = phasesAfter(preparation, history).map(({ epochs }) => epochs);
  const phaseOf = history.map(({ phaseIndex }) => phaseIndex);
  return positionAfter(metricsOf(history), phaseOf, planned, preparation.settings.earlyStop);
}

/** The metrics of epochs that are recorded. */
export function metricsOf(history: readonly RecordedEpoch[]): EpochMetrics[] {
  return history.map(({ metrics }) => metrics);
}
