import { create } from 'zustand';
import type { PlanCost } from '../../shared/domain/cost/planCost.ts';
import { planCost, totalBytes, withHead } from '../../shared/domain/cost/planCost.ts';
import type { PlanSeconds, Speed } from '../../shared/domain/cost/speed.ts';
import { planSeconds } from '../../shared/domain/cost/speed.ts';
import type { ModelReport } from '../../shared/ipc/results.ts';
import { useDataset } from './dataset.ts';
import { runJob } from './engine.ts';
import { usePlan } from './plan.ts';
import { isBusy, useTraining } from './training.ts';

/** What is known of this machine's speed with the open backbone. */
interface EstimateState {
  readonly speed: Speed;
  readonly isMeasuring: boolean;
}

const unmeasured: Speed = { prefix: [], step: [] };
const headName = 'head of ours';
/** The cost without data: of a class for each usual example. */
const classesWithoutData = 5;
/** A plan is measured when it has stood still so long. */
const settleMs = 1500;

export const useEstimate = create<EstimateState>()(() => ({ speed: unmeasured, isMeasuring: false }));

export interface PlanEstimateView {
  readonly cost: PlanCost;
  readonly bytes: number;
  readonly seconds: PlanSeconds | null;
}

/** The cost of a plan on the open dataset. */
export function estimateOf(
  model: ModelReport,
  thawed: ReadonlySet<string>,
  batchSize: number,
  data: { readonly trainImages: number; readonly validationImages: number; readonly classes: number } | null,
  speed: Speed,
): PlanEstimateView {
  const replaced = new Set(model.replaced);
  const kept = model.layers.filter(({ name }) => !replaced.has(name));
  const layers = withHead(kept, headName, data?.classes ?? classesWithoutData);
  const cost = planCost(layers, new Set([...thawed, headName]), batchSize);
  return { cost, bytes: totalBytes(cost), seconds: data === null ? null : planSeconds(cost, speed, data) };
}

/** How many images the open dataset has on each side; null without data. */
export function useSides(): { trainImages: number; validationImages: number; classes: number } | null {
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
    measure: true,
  });
  useEstimate.setState({ isMeasuring: false });
  // An estimate that cannot be had is no reason to bother anyone; the training itself will say what is wrong.
  if (estimate.ok && usePlan.getState().model === model)
    useEstimate.setState({ speed: estimate.value.speed });
}

usePlan.subscribe(({ model }, before) => {
  if (model !== before.model) useEstimate.setState({ speed: unmeasured });
});
