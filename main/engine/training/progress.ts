import type { EpochMetrics } from '../../../shared/domain/run.ts';

type Score = Pick<EpochMetrics, 'epoch' | 'valAccuracy' | 'valLoss'>;

/** Whether an epoch beats another: by validation accuracy, at equal accuracy by validation loss. */
export function isBetter(candidate: Score, incumbent: Score | null): boolean {
  if (incumbent === null) return true;
  if (candidate.valAccuracy !== incumbent.valAccuracy) return candidate.valAccuracy > incumbent.valAccuracy;
  return candidate.valLoss < incumbent.valLoss;
}

/** The best epoch of a run so far, null before the first. */
export function bestOf<T extends Score>(history: readonly T[]): T | null {
  return history.reduce<T | null>((best, epoch) => (isBetter(epoch, best) ? epoch : best), null);
}

/**
 * How many of a phase's last epochs brought neither a higher validation accuracy nor a lower validation loss than the
 * phase had before. A loss that is not a number never improves.
 */
export function epochsWithoutProgress(phase: readonly Score[]): number {
  let accuracy = -Infinity;
  let loss = Infinity;
  let waited = 0;
  for (const epoch of phase) {
    const better = epoch.valAccuracy > accuracy || epoch.valLoss < loss;
    waited = better ? 0 : waited + 1;
    accuracy = Math.max(accuracy, epoch.valAccuracy);
    if (epoch.valLoss < loss) loss = epoch.valLoss;
  }
  return waited;
}

/** Where a run goes on: a phase and the number of its epochs that are done; null when all phases are over. */
export interface Position {
  readonly phase: number;
  readonly epochsDone: number;
}

/**
 * Finds the position from the epochs recorded so far, so that a resumed run decides as an uninterrupted one.
 * @param phaseEpochs epochs planned for each phase. @param phaseOf index of the phase each recorded epoch was in.
 * @param earlyStop epochs without progress after which a phase ends; 0 never.
 */
export function positionAfter(
  history: readonly Score[],
  phaseOf: readonly number[],
  phaseEpochs: readonly number[],
  earlyStop: number,
): Position | null {
  for (const [phase, planned] of phaseEpochs.entries()) {
    const own = history.filter((_, index) => phaseOf[index] === phase);
    const stopped = earlyStop > 0 && epochsWithoutProgress(own) >= earlyStop;
    if (own.length < planned && !stopped) return { phase, epochsDone: own.length };
  }
  return null;
}
