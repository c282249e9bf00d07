import { isSamePlan, presetPlan, presets } from '../../../../shared/domain/plan/edits.ts';
import { discriminativeRates, isSameFactors } from '../../../../shared/domain/plan/factors.ts';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { useTraining } from '../../../stores/training/training.ts';

const text = messages.network;
const { tuning } = messages.inspector;

/** The usual freeze plans; the one that is in force is marked. */
export function Presets({ model }: { readonly model: ModelReport }) {
  const { thawed, rates, history, thawLast, discriminate, undo, redo } = usePlan();
  const isDiscriminate =
    thawed.size > 0 && rates.size > 0 && isSameFactors(rates, discriminativeRates(model, thawed));
  return (
    <>
      <div className="segments" role="group" aria-label={text.presetsLabel}>
        {presets.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={isSamePlan(thawed, presetPlan(model, preset))}
            onClick={() => {
              thawLast(preset);
            }}
          >
            {text.presets[preset]}
          </button>
        ))}
      </div>
      <div className="segments">
        <button
          type="button"
          aria-pressed={isDiscriminate}
          title={tuning.presetHelp}
          disabled={thawed.size === 0}
          onClick={() => {
            discriminate(!isDiscriminate);
            if (!isDiscriminate) useTraining.getState().choose({ rateDecay: 1 });
          }}
        >
          {tuning.preset}
        </button>
      </div>
      <div className="segments" role="group" aria-label={text.history}>
        <IconButton
          label={text.undo}
          path="M6.5 3L3 6.5 6.5 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6"
          isDisabled={history.past.length === 0}
          press={undo}
        />
        <IconButton
          label={text.redo}
          path="M9.5 3L13 6.5 9.5 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10"
          isDisabled={history.future.length === 0}
          press={redo}
        />
      </div>
    </>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly path: string;
  readonly isDisabled?: boolean;
  /** Set for a button that is on or off. */
  readonly isPressed?: boolean;
  readonly press: () => void;
}

/** A button with an outline on a 16 × 16 grid; its label is its name and tooltip. */
export function IconButton({ label, path, isDisabled = false, isPressed, press }: IconButtonProps) {
  return (
    <button
      type="button"
      className="square"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      disabled={isDisabled}
      onClick={press}
    >
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden focusable={false}>
        <path d={path} />
      </svg>
    </button>
  );
}
