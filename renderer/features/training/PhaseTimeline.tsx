import type { CSSProperties } from 'react';
import { rateText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { usePlan } from '../../stores/plan.ts';
import type { TrainingChoice } from '../../stores/training.ts';
import { useTraining } from '../../stores/training.ts';
import type { Training } from '../../stores/training/training.ts';

interface Step {
  readonly phase: 'head' | 'fine-tune';
  readonly epochs: number;
  readonly rate: number | null;
  readonly layers: number | null;
  /** Epochs of it that are over. */
  readonly done: number;
}

/** The phases one after another, as long as their epochs, filled as far as they are. */
export function PhaseTimeline() {
  const { training, choice } = useTraining();
  const thawed = usePlan((state) => state.thawed.size);
  const text = messages.training.phases;
  const steps = training.state === 'idle' ? plannedSteps(choice, thawed) : runSteps(training);
  return (
    <ol className="phases" aria-label={text.title}>
      {training.before.length > 0 && (
        <li className="phase earlier">
          <strong>{text.earlier}</strong>
          <span className="muted">{text.earlierEpochs(training.before.length)}</span>
        </li>
      )}
      {steps.map((step) => (
        <li
          key={step.phase}
          className={`phase ${step.phase}`}
          style={{ flexGrow: step.epochs, '--done': `${100 * share(step)}%` } as CSSProperties}
        >
          <strong>
            {step.phase === 'head' ? '◆' : '☀'} {text[step.phase]}
          </strong>
          <span className="muted">
            {step.rate !== null && text.detail(step.epochs, rateText(step.rate))}
            {step.layers !== null && step.layers > 0 && ` · ${text.layers(step.layers)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function share({ done, epochs }: Step): number {
  return epochs === 0 ? 0 : Math.min(1, done / epochs);
}

function plannedSteps(choice: TrainingChoice, thawed: number): Step[] {
  const head: Step = {
    phase: 'head',
    epochs: choice.epochs,
    rate: choice.learningRate,
    layers: null,
    done: 0,
  };
  if (thawed === 0) return [head];
  const rate = choice.fineTuneLearningRate;
  return [head, { phase: 'fine-tune', epochs: choice.fineTuneEpochs, rate, layers: thawed, done: 0 }];
}

function runSteps({ settings, epochs, share: running, phases, result }: Training): Step[] {
  const done = (phase: Step['phase']): number => epochs.filter((one) => one.phase === phase).length;
  if (settings === null)
    return phases.map(({ phase, epochs: planned }) => ({
      phase,
      epochs: planned,
      rate: epochs.find((one) => one.phase === phase)?.learningRate ?? null,
      layers: null,
      done: done(phase),
    }));
  const current = phases.at(-1)?.phase;
  const filled = (phase: Step['phase'], planned: number): number => {
    const isOver = result !== null || (current !== undefined && current !== phase && done(phase) > 0);
    return isOver ? planned : done(phase) + (current === phase ? running : 0);
  };
  const steps: Step[] = [
    {
      phase: 'head',
      epochs: settings.epochs,
      rate: settings.learningRate,
      layers: null,
      done: filled('head', settings.epochs),
    },
    {
      phase: 'fine-tune',
      epochs: settings.fineTuneEpochs,
      rate: settings.fineTuneLearningRate,
      layers: settings.thaw.length,
      done: filled('fine-tune', settings.fineTuneEpochs),
    },
  ];
  return steps.filter(({ epochs: planned }) => planned > 0);
}
