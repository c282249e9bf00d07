import { thawFromBlock, thawFromLayer } from '../../../shared/domain/plan/edits.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import type { PlanEstimateView, Sides } from '../../stores/network/estimate.ts';
import { estimateOf, useEstimate, useSides } from '../../stores/network/estimate.ts';
import { usePlan } from '../../stores/network/plan.ts';
import type { TrainingChoice } from '../../stores/training/settings.ts';
import { useTraining } from '../../stores/training/training.ts';
import type { ItemId } from './items.ts';
import { headItem, isBlock, nameOf } from './items.ts';

/** What thawing from a block or layer to the output would cost. */
export interface ThawCost extends PlanEstimateView {
  /** Images, and their kept variations, that features are wanted of; 0 without data. */
  readonly wanted: number;
  /** Those of them whose features at this cut are kept. */
  readonly present: number;
}

interface Known {
  readonly model: ModelReport;
  readonly choice: TrainingChoice;
  readonly sides: string;
  readonly estimate: object;
  readonly l2sp: object;
  readonly of: Map<ItemId, ThawCost>;
}

let latest: Known | null = null;

/** The cost of thawing from an item, computed when it is first asked for; null for a GraphModel. */
export function useThawCost(item: ItemId | null): ThawCost | null {
  const model = usePlan((plan) => plan.model);
  const l2sp = usePlan((plan) => plan.l2sp);
  const choice = useTraining((training) => training.choice);
  const estimate = useEstimate();
  const sides = useSides();
  if (item === null || model?.kind !== 'layers') return null;
  const key = JSON.stringify(sides);
  const isKnown =
    latest?.model === model &&
    latest.choice === choice &&
    latest.sides === key &&
    latest.estimate === estimate &&
    latest.l2sp === l2sp;
  if (!isKnown) latest = { model, choice, sides: key, estimate, l2sp, of: new Map() };
  const known = latest?.of.get(item);
  if (known !== undefined) return known;
  const made = costOf(item, model, choice, sides, estimate, l2sp);
  latest?.of.set(item, made);
  return made;
}

function costOf(
  item: ItemId,
  model: ModelReport,
  choice: TrainingChoice,
  sides: Sides | null,
  estimate: Parameters<typeof estimateOf>[4],
  l2sp: Parameters<typeof estimateOf>[5],
): ThawCost {
  const name = nameOf(item);
  const thawed =
    item === headItem
      ? new Set<string>()
      : isBlock(item)
        ? thawFromBlock(model, name)
        : thawFromLayer(model, name);
  const view = estimateOf(model, thawed, choice, sides, estimate, l2sp);
  const views = choice.augment === 'none' ? 1 : choice.augmentViews;
  const { train, validation } = view.kept.here;
  return {
    ...view,
    wanted: sides === null ? 0 : sides.trainImages * views + sides.validationImages,
    present: train + validation,
  };
}

/** Whether features for thawing from an item are kept of all images, of some, or of none. */
export function useKept(item: ItemId): 'full' | 'partial' | 'none' {
  const hasKept = useEstimate(({ kept }) => kept.length > 0);
  const cost = useThawCost(hasKept ? item : null);
  if (cost === null || cost.present === 0) return 'none';
  return cost.present >= cost.wanted ? 'full' : 'partial';
}
