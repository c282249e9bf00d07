import { useEffect, useId, useRef, useState } from 'react';
import { commonFactor } from '../../../../../shared/domain/plan/factors.ts';
import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { rateText } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { useTraining } from '../../../../stores/training/training.ts';
import { tuneItem } from '../../actions.ts';
import type { ItemId } from '../../items.ts';
import { layersOf } from '../../items.ts';
import { useItemState } from '../../planView.ts';
import { useRateMark } from '../../tuningView.ts';

const text = messages.inspector.tuning;

interface TuningProps {
  readonly model: ModelReport;
  readonly item: ItemId;
}

/** How fast a layer or block learns, and what pulls it back: part of the freeze plan, undoable as thawing is. */
export function Tuning({ model, item }: TuningProps) {
  const { rates, l2sp } = usePlan();
  const { rateDecay, l2sp: generalPull } = useTraining(({ choice }) => choice);
  const state = useItemState(item);
  const mark = useRateMark(item);
  const layers = layersOf(model, item);
  if (state === 'weightless') return null;
  const rate = commonFactor(rates, layers, 1);
  const pull = commonFactor(l2sp, layers, generalPull);
  return (
    <section className="tuning" aria-label={text.title}>
      <h3 className="label">
        {text.rate} {mark ?? (rate === null ? text.mixed : text.times(rateText(rate)))}
      </h3>
      {state === 'frozen' && <p className="muted">{text.frozen}</p>}
      <RateSlider
        key={`${item} ${String(rate)}`}
        rate={rate}
        isDisabled={state === 'frozen'}
        choose={(value) => {
          tuneItem('rates', item, value === 1 ? null : value);
        }}
      />
      {rateDecay !== 1 && mark !== null && <p className="muted">{text.effective(mark)}</p>}
      <NumberRow
        label={text.rateField}
        value={rate}
        most={100}
        isOwn={layers.some((layer) => rates.has(layer))}
        isDisabled={state === 'frozen'}
        choose={(value) => {
          tuneItem('rates', item, value === 1 ? null : value);
        }}
      />
      <NumberRow
        label={text.l2sp}
        help={text.l2spHelp}
        value={pull}
        most={10}
        isOwn={layers.some((layer) => l2sp.has(layer))}
        isDisabled={state === 'frozen'}
        choose={(value) => {
          tuneItem('l2sp', item, value);
        }}
      />
    </section>
  );
}

/** From a thousandth to ten, by tenths of a decade. */
const scale = { least: -3, most: 1, step: 0.1 } as const;

interface RateSliderProps {
  readonly rate: number | null;
  readonly isDisabled: boolean;
  readonly choose: (rate: number) => void;
}

/** The factor on a logarithmic scale; it counts when it is let go, so that a drag is one step to undo. */
function RateSlider({ rate, isDisabled, choose }: RateSliderProps) {
  const [place, setPlace] = useState(rate === null || rate <= 0 ? scale.least : Math.log10(rate));
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(choose);
  useEffect(() => {
    latest.current = choose;
  });
  useEffect(() => {
    const { current } = input;
    const letGo = (): void => {
      if (current !== null) latest.current(rateAt(Number(current.value)));
    };
    current?.addEventListener('change', letGo);
    return () => {
      current?.removeEventListener('change', letGo);
    };
  }, []);
  return (
    <input
      ref={input}
      className="rate-slider"
      type="range"
      min={scale.least}
      max={scale.most}
      step={scale.step}
      value={place}
      disabled={isDisabled}
      aria-label={text.rate}
      aria-valuetext={text.times(rateText(rateAt(place)))}
      title={text.times(rateText(rateAt(place)))}
      onChange={(event) => {
        setPlace(Number(event.target.value));
      }}
    />
  );
}

function rateAt(place: number): number {
  return Number((10 ** place).toPrecision(2));
}

interface NumberRowProps {
  readonly label: string;
  readonly help?: string;
  /** Null where the layers differ. */
  readonly value: number | null;
  readonly most: number;
  /** Whether it differs from the general value, and can be given back. */
  readonly isOwn: boolean;
  readonly isDisabled: boolean;
  readonly choose: (value: number | null) => void;
}

/** A number that counts when it has been typed: on Enter, or when the field is left. */
function NumberRow({ label, help, value, most, isOwn, isDisabled, choose }: NumberRowProps) {
  const id = useId();
  const shown = value === null ? '' : String(value);
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    const number = Number(typed);
    if (typed !== null && typed.trim() !== '' && number >= 0 && number <= most && number !== value)
      choose(number);
    setTyped(null);
  };
  return (
    <div className="number-row">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={0}
        max={most}
        step="any"
        placeholder={value === null ? text.mixed : ''}
        value={typed ?? shown}
        disabled={isDisabled}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      <button
        type="button"
        className="bare square"
        aria-label={`${label}: ${text.reset}`}
        title={text.reset}
        disabled={!isOwn || isDisabled}
        onClick={() => {
          choose(null);
        }}
      >
        <svg width={14} height={14} viewBox="0 0 16 16" aria-hidden focusable={false}>
          <path d="M3 3.5v4h4M3.4 7.2A5 5 0 1 1 3 9.5" />
        </svg>
      </button>
      {help !== undefined && (
        <p id={`${id}-help`} className="muted">
          {help}
        </p>
      )}
    </div>
  );
}
