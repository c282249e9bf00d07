import { reachedByGradient } from '../../../shared/domain/plan/flow.ts';
import type { PlanState, Thawed } from '../../../shared/domain/plan/edits.ts';
import { stateOf } from '../../../shared/domain/plan/edits.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import { usePlan } from '../../stores/network/plan.ts';
import type { ItemId } from './items.ts';
import { headItem, indexOf, isBlock, layersOf, nameOf } from './items.ts';

/** What the graph shows of the freeze plan. */

/** Frozen, thawed, partly, or nothing to train; the head is always thawed. */
export function useItemState(item: ItemId): PlanState {
  return usePlan(({ model, thawed }) => {
    if (item === headItem) return 'thawed';
    if (model?.kind === 'graph') return isWeightless(model, item) ? 'weightless' : 'frozen';
    return model === null ? 'weightless' : stateOf(layersOf(model, item), thawed);
  });
}

/** In a model of operations only the image has nothing to it. */
function isWeightless(model: ModelReport, item: ItemId): boolean {
  return !isBlock(item) && indexOf(model).layers.get(nameOf(item))?.type === 'InputLayer';
}

/** `trained`: a gradient runs back along it; `cut`: from what is frozen into what trains. */
export type Reach = 'frozen' | 'cut' | 'trained';

export function useGradientReach(source: string, target: string): Reach {
  return usePlan(({ model, thawed }) => {
    if (model === null) return 'frozen';
    return reachBetween(model, thawed, source as ItemId, target as ItemId);
  });
}

/** How far a gradient runs back along the edge between two items. */
export function reachBetween(model: ModelReport, thawed: Thawed, source: ItemId, target: ItemId): Reach {
  const reached = reachOf(model, thawed);
  if (isReached(model, reached, source)) return 'trained';
  return target === headItem || isReached(model, reached, target) ? 'cut' : 'frozen';
}

function isReached(model: ModelReport, reached: ReadonlySet<string>, item: ItemId): boolean {
  if (!isBlock(item)) return reached.has(nameOf(item));
  // What leaves a block is what its last layer computed.
  const last = indexOf(model).members.get(nameOf(item))?.at(-1);
  return last !== undefined && reached.has(last.name);
}

let latest: { model: ModelReport; thawed: Thawed; reached: ReadonlySet<string> } | null = null;

/** Computed once for a plan, however many edges ask. */
function reachOf(model: ModelReport, thawed: Thawed): ReadonlySet<string> {
  if (latest?.model === model && latest.thawed === thawed) return latest.reached;
  latest = { model, thawed, reached: reachedByGradient(model.layers, thawed) };
  return latest.reached;
}
