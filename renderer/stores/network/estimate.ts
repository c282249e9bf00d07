import { create } from 'zustand';
import type { KeptFeatures, KeptForCut } from '../../../shared/domain/cost/kept.ts';
import { keptForCut, nothingKept } from '../../../shared/domain/cost/kept.ts';
import type { PlanCost, PlanLayer } from '../../../shared/domain/cost/planCost.ts';
import { planCost, totalBytes, withHead } from '../../../shared/domain/cost/planCost.ts';
import { optimizerSlots } from '../../../shared/domain/cost/slots.ts';
import type { PlanSeconds, ScanWork, Speed } from '../../../shared/domain/cost/speed.ts';
import { nothingToScan, planSeconds } from '../../../shared/domain/cost/speed.ts';
import type { Plan } from '../../../shared/domain/plan/factors.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import { useDataset } from '../data/dataset.ts';
import { runJob } from '../engine.ts';
import { usePlan } from './plan.ts';
import type { TrainingChoice } from '../training/settings.ts';
import { isBusy } from '../training/state.ts';
import { useTraining } from '../training/training.ts';

/** What is known of this machine's speed with the open backbone, and of what is cached of the open dataset. */
interface EstimateState {
  readonly speed: Speed;
  /** Seconds to decode an image of the dataset. */
  readonly decode: number | null;
  readonly scan: ScanWork;
  readonly kept: readonly KeptFeatures[];
  readonly isMeasuring: boolean;
}

const unmeasured = { speed: { prefix: [], step: [] }, decode: null, scan: nothingToScan, kept: [] };
const headName = 'head of ours';
/** The cost without data: of a class for each usual example. */
const classesWithoutData = 5;
/** A plan is measured when it has stood still so long. */
const settleMs = 1500;

export const useEstimate = create<EstimateState>()(() => ({ ...unmeasured, isMeasuring: false }));

export interface PlanEstimateView {
  readonly cost: PlanCost;
  readonly bytes: number;
  readonly featureBytes: number;
  readonly seconds: PlanSeconds | null;
  readonly kept: KeptForCut;
}

/** The images of a dataset, as a training would take them. */
export interface Sides {
  readonly trainImages: number;
  readonly validationImages: number;
  readonly classes: number;
}

/** The cost of a plan on the open dataset, with the training settings as they are. */
export function estimateOf(
  model: ModelReport,
  thawed: ReadonlySet<string>,
  choice: TrainingChoice,
  data: Sides | null,
  known: Pick<EstimateState, 'speed' | 'decode' | 'scan' | 'kept'>,
  l2sp: Plan['l2sp'],
): PlanEstimateView {
  const layers = costedLayers(model, data?.classes ?? classesWithoutData);
  const slots = optimizerSlots({ ...choice, layerL2sp: Object.fromEntries(l2sp) });
  const cost = planCost(layers, new Set([...thawed, headName]), choice.batchSize, slots);
  const views = choice.augment === 'none' ? null : choice.augmentViews;
  const kept = cost.cut === null ? nothingKept : keptForCut(layers, cost.cut, known.kept);
  const rows = (data?.trainImages ?? 0) * (views ?? 1) + (data?.validationImages ?? 0);
  const bytesPerValue = choice.featurePrecision === 'float16' ? 2 : 4;
  return {
    cost,
    bytes: totalBytes(cost),
    featureBytes: bytesPerValue * cost.featureValues * rows,
    seconds:
      data === null
        ? null
        : planSeconds(cost, known.speed, { ...data, decode: known.decode, scan: known.scan, views, kept }),
    kept,
  };
}

let latest: { model: ModelReport; classes: number; layers: readonly PlanLayer[] } | null = null;

/** The layers that stay, and our head. */
function costedLayers(model: ModelReport, classes: number): readonly PlanLayer[] {
  if (latest?.model === model && latest.classes === classes) return latest.layers;
  const replaced = new Set(model.replaced);
  const kept = model.layers.filter(({ name }) => !replaced.has(name));
  latest = { model, classes, layers: withHead(kept, headName, classes) };
  return latest.layers;
}

/** How many images the open dataset has on each side; null without data. */
export function useSides(): Sides | null {
  const dataset = useDataset((state) => state.dataset);
  if (dataset === null || dataset.classes.length < 2) return null;
  const { split } = dataset;
  return {
    trainImages: split?.train ?? dataset.images,
    validationImages: split?.validation ?? 0,
    classes: dataset.classes.length,
  };
}

let timer: number | undefined;

/** Measures the plan as it is, once it stands still; never beside a training, which it would slow down. */
export function measureWhenSettled(classes: number): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void measure(classes), settleMs);
}

async function measure(classes: number): Promise<void> {
  const { backbone, model, thawed } = usePlan.getState();
  const { training, choice } = useTraining.getState();
  const { dataset } = useDataset.getState();
  if (backbone === null || model?.kind !== 'layers' || isBusy(training.state)) return;
  if (useEstimate.getState().isMeasuring) {
    measureWhenSettled(classes);
    return;
  }
  useEstimate.setState({ isMeasuring: true });
  const estimate = await runJob({
    job: 'estimate',
    backbone,
    thawFrom: null,
    thaw: [...thawed],
    classes,
    trainImages: 0,
    validationImages: 0,
    batchSize: choice.batchSize,
    imageSize: null,
    dataset: dataset === null || dataset.split === null ? null : dataset.location,
    recipe: choice,
    measure: true,
  });
  useEstimate.setState({ isMeasuring: false });
  // An estimate that cannot be had is no reason to bother anyone; the training itself will say what is wrong.
  if (!estimate.ok || usePlan.getState().model !== model) return;
  if (useTraining.getState().choice.batchNorm !== choice.batchNorm) return;
  const { speed, decode, scan, kept } = estimate.value;
  useEstimate.setState({ speed, decode, scan, kept });
}

usePlan.subscribe(({ model }, before) => {
  if (model !== before.model) useEstimate.setState(unmeasured);
});

useTraining.subscribe(({ training, choice }, before) => {
  // Steps take longer when batch normalisation updates: what was measured otherwise says nothing of them.
  if (choice.batchNorm !== before.choice.batchNorm) useEstimate.setState({ speed: unmeasured.speed });
  // A training leaves features in the cache.
  const classes = useDataset.getState().dataset?.classes.length;
  if (classes !== undefined && isBusy(before.training.state) && !isBusy(training.state))
    measureWhenSettled(classes);
});
