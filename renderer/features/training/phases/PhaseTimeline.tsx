import type { CSSProperties } from 'react';
import { rateText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { useTraining } from '../../../stores/training/training.ts';
import type { Training } from '../../../stores/training/state.ts';
import type { Step } from './steps.ts';
import { stepsOf } from './steps.ts';

/** The phases one after another, as long as their epochs, filled as far as they are. */
export function PhaseTimeline() {
  const { training, choice } = useTraining();
  const thawed = usePlan((state) => state.thawed);
  const text = messages.training.phases;
  const planned = {
    ...choice,
    thaw: [...thawed],
    fineTuneEpochs: thawed.size > 0 ? choice.fineTuneEpochs : 0,
  };
  const steps = training.state === 'idle' ? stepsOf(planned, []) : runSteps(training);
  return (
    <ol className="phases" aria-label={text.title}>
      {training.before.length > 0 && (
        <li className="phase earlier">
          <strong>{text.earlier}</strong>
          <span className="muted">{text.earlierEpochs(training.before.length)}</span>
        </li>
      )}
      {steps.map((step, index) => (
        <li
          key={index}
          className={`phase ${step.phase}`}
          style={{ flexGrow: step.epochs, '--done': `${100 * share(step)}%` } as CSSProperties}
        >
          <strong>
            {step.phase === 'head' ? '◆' : '☀'} {text[step.phase]}
          </strong>
          <span className="muted">
            {text.detail(step.epochs, rateText(step.rate))}
            {step.layers > 0 && ` · ${text.layers(step.layers)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function share({ done, epochs }: Step): number {
  return epochs === 0 ? 0 : Math.min(1, done / epochs);
}

/** A phase that ended early is as full as any other that is over. */
function runSteps({ settings, epochs, share: running, phases, result }: Training): Step[] {
  if (settings === null) return [];
  const steps = stepsOf(settings, epochs);
  const present = Math.max(
    0,
    steps.findLastIndex(({ done }) => done > 0),
  );
  const isNext = phases.at(-1)?.after === epochs.length && epochs.length > 0;
  const current = isNext && steps[present]?.done !== 0 ? present + 1 : present;
  return steps.map((step, index) => {
    if (result !== null || index < current) return { ...step, done: step.epochs };
    return index === current ? { ...step, done: step.done + running } : step;
  });
}
