import type { EpochMetrics } from '../../../shared/domain/run.ts';

/** The epoch the engine keeps: the highest validation accuracy, at equal accuracy the lowest validation loss. */
export function bestEpoch(epochs: readonly EpochMetrics[]): EpochMetrics | null {
  return epochs.reduce<EpochMetrics | null>((best, epoch) => {
    if (best === null || epoch.valAccuracy > best.valAccuracy) return epoch;
    return epoch.valAccuracy === best.valAccuracy && epoch.valLoss < best.valLoss ? epoch : best;
  }, null);
}
