import { useState } from 'react';
import type { Plan } from '../../../../shared/domain/plan/factors.ts';
import { planFrom, planSettings } from '../../../../shared/domain/plan/settings.ts';
import { messages } from '../../../messages/index.ts';
import { useApp } from '../../../stores/app.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { isBusy } from '../../../stores/training/state.ts';
import { useTraining } from '../../../stores/training/training.ts';
import type { Training } from '../../../stores/training/state.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { latestPlan, stepsOf } from './steps.ts';

/** Going on in the same run with another plan, while it trains, pauses or was broken off. */
export function PlanChange() {
  const { training, hold } = useTraining();
  const go = useApp((state) => state.go);
  const isOther = useIsOtherPlan(training);
  const text = messages.training.plan;
  const { state, settings, result, holds, epochs } = training;
  if (settings === null || result !== null || state === 'preparing') return null;
  if (isOther) return <NextPhaseForm />;
  if (!isBusy(state)) return null;
  const hasNext = stepsOf(settings, epochs).some(({ done }) => done === 0) || settings.gradualUnfreeze > 1;
  return (
    <div className="row plan-change">
      {hasNext && (
        <label className="check">
          <input type="checkbox" checked={holds} onChange={(event) => void hold(event.target.checked)} />
          {text.hold}
        </label>
      )}
      <button
        type="button"
        className="bare"
        title={text.hint}
        onClick={() => {
          go('network');
        }}
      >
        <Icon name="network" size={16} />
        {text.change}
      </button>
    </div>
  );
}

/** Whether other layers are thawed on the graph than the run trains, on the run's own backbone. */
function useIsOtherPlan({ settings }: Training): boolean {
  const { model, backbone, history } = usePlan();
  if (settings === null || model?.kind !== 'layers' || backbone !== settings.backbone) return false;
  const trained = planFrom(model, latestPlan(settings));
  const words = ({ thawed, rates, l2sp }: Plan): string =>
    JSON.stringify([[...thawed].sort(), [...rates].sort(), [...l2sp].sort()]);
  return words(history.present) !== words(trained);
}

function NextPhaseForm() {
  const { training, choice, goOnWith } = useTraining();
  const { thawed, model } = usePlan();
  const { settings } = training;
  const trained = settings === null || model === null ? 0 : planFrom(model, latestPlan(settings)).thawed.size;
  const [epochs, setEpochs] = useState(() => choice.fineTuneEpochs);
  const [rate, setRate] = useState(() =>
    thawed.size > 0 ? choice.fineTuneLearningRate : choice.learningRate,
  );
  const text = messages.training.plan;
  const isRight = Number.isInteger(epochs) && epochs >= 1 && epochs <= 100_000 && rate > 0 && rate <= 100;
  return (
    <form
      className="outcome plan-change"
      aria-label={text.title}
      onSubmit={(event) => {
        event.preventDefault();
        const plan = planSettings(usePlan.getState().model, usePlan.getState());
        void goOnWith({ thawFrom: null, ...plan, epochs, learningRate: rate });
      }}
    >
      <div>
        <strong>{text.title}</strong>
        <p className="muted">{text.differs(thawed.size, trained)}</p>
        <p className="muted">{text.goesOn}</p>
      </div>
      <div className="way-on">
        <div className="row">
          <NumberField label={text.epochs} value={epochs} onChange={setEpochs} />
          <NumberField label={text.rate} value={rate} onChange={setRate} />
        </div>
        <button type="submit" className="primary" disabled={!isRight}>
          <Icon name="play" size={16} />
          {text.do}
        </button>
      </div>
    </form>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  onChange(value: number): void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState(String(value));
  return (
    <label className="row">
      {label}
      <input
        inputMode="decimal"
        size={8}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(target.value.trim() === '' ? NaN : Number(target.value));
        }}
      />
    </label>
  );
}
