import { unreachable } from '../../../shared/errors.ts';
import type { EpochMetrics, Schedule, TrainSettings } from '../../../shared/domain/run.ts';
import type { Phase } from './phases.ts';

export interface ScheduleOptions {
  readonly schedule: Schedule;
  /** The phase's learning rate: the highest the schedule reaches. */
  readonly learningRate: number;
  /** Steps over which it first rises from 0. */
  readonly warmupSteps: number;
  /** All steps of the phase, those of the warm-up included. */
  readonly totalSteps: number;
}

/**
 * The learning rate of a step, from 1. `cosine` falls to 0 along half a cosine after the warm-up (1608.03983; Keras's
 * `CosineDecay`); `one-cycle` rises from a 25th over the first 30 % and falls to a 250,000th, both along half a cosine
 * (1708.07120, with the constants of fastai); `constant` and `plateau` stay.
 */
export function rateAt(
  { schedule, learningRate, warmupSteps, totalSteps }: ScheduleOptions,
  step: number,
): number {
  const done = step - 1;
  if (schedule === 'one-cycle') {
    const rise = Math.max(1, Math.round(totalSteps * 0.3));
    if (done < rise) return halfCosine(learningRate / 25, learningRate, done / rise);
    return halfCosine(
      learningRate,
      learningRate / 250_000,
      (done - rise) / Math.max(1, totalSteps - 1 - rise),
    );
  }
  if (done < warmupSteps) return (learningRate * done) / warmupSteps;
  switch (schedule) {
    case 'constant':
    case 'plateau':
      return learningRate;
    case 'cosine':
      return halfCosine(learningRate, 0, (done - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    default:
      return unreachable(schedule);
  }
}

/** The learning rate by step of a phase, given the metrics of its epochs so far. */
export function phaseRates(
  phase: Pick<Phase, 'learningRate' | 'epochs'>,
  { schedule, warmupEpochs }: Pick<TrainSettings, 'schedule' | 'warmupEpochs'>,
  stepsPerEpoch: number,
  epochs: readonly Pick<EpochMetrics, 'valLoss'>[],
): (step: number) => number {
  const options = {
    schedule,
    learningRate: phase.learningRate,
    warmupSteps: Math.min(Math.round(warmupEpochs * stepsPerEpoch), phase.epochs * stepsPerEpoch - 1),
    totalSteps: phase.epochs * stepsPerEpoch,
  };
  const factor = schedule === 'plateau' ? plateauFactorAfter(epochs) : 1;
  return (step) => factor * rateAt(options, step);
}

/** From `from` to `to` along half a cosine, as `share` goes from 0 to 1. */
function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, share)))) / 2;
}

const plateauPatience = 2;
const plateauFactor = 0.2;
const plateauLeast = 1e-4;

/**
 * By how much `plateau` has lowered the learning rate after a phase's epochs so far: to a fifth whenever the
 * validation loss has not fallen by 0.0001 for two epochs (Keras's `ReduceLROnPlateau`, patience 2, factor 0.2).
 */
export function plateauFactorAfter(epochs: readonly Pick<EpochMetrics, 'valLoss'>[]): number {
  let [best, waited, factor] = [Infinity, 0, 1];
  for (const { valLoss } of epochs) {
    if (valLoss < best - plateauLeast) [best, waited] = [valLoss, 0];
    else waited += 1;
    if (waited < plateauPatience) continue;
    factor *= plateauFactor;
    waited = 0;
  }
  return factor;
}
