import type { LayerChange, RelativeChange } from '../../../shared/domain/layerChanges.ts';
import { heatOf, relativeChange } from '../../../shared/domain/layerChanges.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useTraining } from '../../stores/training/training.ts';
import type { ItemId } from './items.ts';
import { blockItem, headItem, indexOf, isBlock, layerItem } from './items.ts';

/** How far blocks and layers went in the last epoch of the training, as the graph shows it. */

export interface Heat extends RelativeChange {
  /** 0 to 1, beside the largest change among blocks, or among layers. */
  readonly heat: number;
}

interface Heats {
  readonly model: ModelReport;
  readonly layers: readonly LayerChange[];
  readonly of: ReadonlyMap<ItemId, Heat>;
  /** The largest change of a layer. */
  readonly largest: number;
}

let latest: Heats | null = null;

/** The heat of every block and layer that trains, the head as one. Computed once for an epoch. */
export function heatsOf(model: ModelReport, layers: readonly LayerChange[]): Heats {
  if (latest?.model === model && latest.layers === layers) return latest;
  const index = indexOf(model);
  const replaced = new Set(model.replaced);
  const byItem = new Map<ItemId, LayerChange[]>();
  const put = (item: ItemId, layer: LayerChange): void => {
    byItem.set(item, [...(byItem.get(item) ?? []), layer]);
  };
  for (const layer of layers) {
    const known = replaced.has(layer.layer) ? undefined : index.layers.get(layer.layer);
    put(known === undefined ? headItem : blockItem(known.block), layer);
    if (known !== undefined) put(layerItem(known.name), layer);
  }
  const changes = [...byItem].flatMap(([item, own]) => {
    const change = relativeChange(own);
    return change === null ? [] : [[item, change] as const];
  });
  const largest = (wanted: (item: ItemId) => boolean): number =>
    Math.max(0, ...changes.flatMap(([item, { change }]) => (wanted(item) ? [change] : [])));
  const most = { blocks: largest(isBlock), layers: largest((item) => !isBlock(item)) };
  const of = new Map(
    changes.map(([item, change]) => [
      item,
      { ...change, heat: heatOf(change.change, isBlock(item) ? most.blocks : most.layers) },
    ]),
  );
  latest = { model, layers, of, largest: Math.max(most.blocks, most.layers) };
  return latest;
}

/** What the present training tells of the open backbone's layers; null where it tells nothing. */
export function useHeats(): Heats | null {
  const model = usePlan((plan) => plan.model);
  const backbone = usePlan((plan) => plan.backbone);
  const layers = useTraining(({ training }) => training.layers);
  const trained = useTraining(({ training }) => training.settings?.backbone ?? null);
  if (model === null || layers.length === 0 || trained !== backbone) return null;
  return heatsOf(model, layers);
}

export function useHeat(item: ItemId): Heat | null {
  return useHeats()?.of.get(item) ?? null;
}
