import type { EpochMetrics, PhaseName, TrainSettings } from '../../../../shared/domain/run.ts';

/** A phase of a run in the timeline. */
export interface Step {
  readonly phase: PhaseName;
  /** As many as it was planned to have; fewer where another plan took its place. */
  readonly epochs: number;
  readonly rate: number;
  /** Layers of the backbone that are named to train. */
  readonly layers: number;
  /** Epochs of it that are over. */
  readonly done: number;
}

type Planned = Pick<
  TrainSettings,
  'epochs' | 'learningRate' | 'fineTuneEpochs' | 'fineTuneLearningRate' | 'thaw' | 'laterPhases'
>;

/**
 * The phases of a run: those planned at its beginning, as far as they got, or will get, before another plan takes their
 * place, then each of those.
 */
export function stepsOf(settings: Planned, epochs: readonly Pick<EpochMetrics, 'phase'>[]): Step[] {
  const { laterPhases } = settings;
  const [firstChange] = laterPhases;
  const before = firstChange?.after ?? Infinity;
  const own = epochs.slice(0, firstChange?.after);
  const done = (phase: PhaseName): number => own.filter((one) => one.phase === phase).length;
  const planned: Step[] = [
    {
      phase: 'head',
      epochs: settings.epochs,
      rate: settings.learningRate,
      layers: 0,
      done: done('head'),
    },
    {
      phase: 'fine-tune',
      epochs: settings.fineTuneEpochs,
      rate: settings.fineTuneLearningRate,
      layers: settings.thaw.length,
      done: done('fine-tune'),
    },
  ];
  // Layers may be thawed from the first epoch on: then there is no phase of the head's own.
  const begun =
    epochs.length < before
      ? cutShort(planned, before)
      : planned.map((step) => (firstChange === undefined ? step : { ...step, epochs: step.done }));
  return [
    ...begun.filter((step) => step.epochs > 0),
    ...laterPhases.map((later, index): Step => {
      const end = laterPhases[index + 1]?.after;
      const isOver = end !== undefined && epochs.length >= end;
      const trained = Math.max(0, epochs.slice(later.after, end).length);
      const isThawed = later.thaw.length > 0 || later.thawFrom !== null;
      return {
        phase: isThawed ? 'fine-tune' : 'head',
        epochs: isOver ? trained : Math.min(later.epochs, (end ?? Infinity) - later.after),
        rate: later.learningRate,
        layers: later.thaw.length,
        done: trained,
      };
    }),
  ];
}

/** As many epochs of each step as come before another plan takes their place. */
function cutShort(steps: readonly Step[], before: number): Step[] {
  let left = before;
  return steps.map((step) => {
    const epochs = Math.min(step.epochs, left);
    left -= epochs;
    return { ...step, epochs };
  });
}

/** The plan that a run trains by now, as it was told. */
export function latestPlan({
  thawFrom,
  thaw,
  layerRates,
  layerL2sp,
  laterPhases,
}: TrainSettings): Pick<TrainSettings, 'thawFrom' | 'thaw' | 'layerRates' | 'layerL2sp'> {
  return { layerRates, layerL2sp, ...(laterPhases.at(-1) ?? { thawFrom, thaw }) };
}
