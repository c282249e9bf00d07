import { remainingSeconds } from '../../../shared/domain/chart/remaining.ts';
import { bytesText, countText, durationText, percentText, rateText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { isBusy } from '../../stores/training/state.ts';
import { useTraining } from '../../stores/training/training.ts';
import type { Training } from '../../stores/training/state.ts';
import { bestEpoch } from './bestEpoch.ts';
import { stepsOf } from './phases/steps.ts';

/** Where the training is, in numbers. */
export function Figures() {
  const training = useTraining((state) => state.training);
  const { epochs, memory, state } = training;
  if (epochs.length === 0 && !isBusy(state)) return null;
  const text = messages.training.figures;
  const last = epochs.at(-1);
  const best = bestEpoch(epochs);
  const remaining = remainingOf(training);
  const rows: readonly (readonly [string, string])[] = [
    [text.epoch, text.of(epochs.length, Math.max(plannedEpochs(training), epochs.length))],
    [text.speed, countText(last?.imagesPerSecond ?? NaN)],
    [text.best, best === null ? '–' : text.bestAt(best.epoch, percentText(best.valAccuracy))],
    [text.rate, rateText(last?.learningRate ?? NaN)],
    ...(isBusy(state) && remaining !== null
      ? [[text.remaining, text.atMost(durationText(remaining))] as const]
      : []),
    ...(memory !== null ? [[text.memory, bytesText(memory)] as const] : []),
  ];
  return (
    <dl className="numbers" data-testid="figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Epochs a run has at most. */
export function plannedEpochs({ settings, phases, epochs: done }: Training): number {
  if (settings !== null) return stepsOf(settings, done).reduce((sum, { epochs }) => sum + epochs, 0);
  return phases.reduce((sum, { epochs }) => sum + epochs, 0);
}

function remainingOf({ phases, epochs, share }: Training): number | null {
  const phase = phases.at(-1);
  return phase === undefined ? null : remainingSeconds(epochs.slice(phase.after), phase.epochs, share);
}
