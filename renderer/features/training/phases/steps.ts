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
 * The phases of a run: those planned at its beginning, as far as they got before another plan took their place, then
 * each of those.
 */
export function stepsOf(settings: Planned, epochs: readonly Pick<EpochMetrics, 'phase'>[]): Step[] {
  const { laterPhases } = settings;
  const [firstChange] = laterPhases;
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
  const begun = planned.filter((step) => step.epochs > 0 && (firstChange === undefined || step.done > 0));
  return [
    ...(firstChange === undefined ? begun : begun.map((step) => ({ ...step, epochs: step.done }))),
    ...laterPhases.map((later, index): Step => {
      const end = laterPhases[index + 1]?.after;
      const trained = Math.max(0, epochs.slice(later.after, end).length);
      const isThawed = later.thaw.length > 0 || later.thawFrom !== null;
      return {
        phase: isThawed ? 'fine-tune' : 'head',
        epochs: end === undefined ? later.epochs : trained,
        rate: later.learningRate,
        layers: later.thaw.length,
        done: trained,
      };
    }),
  ];
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
