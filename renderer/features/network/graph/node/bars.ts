import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { rateText, shortCount } from '../../../../format.ts';
import { messages } from '../../../../messages/index.ts';
import type { BarKind } from '../../../../stores/network/view.ts';
import { useNetworkView } from '../../../../stores/network/view.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { useHeat, useHeats } from '../../heatView.ts';
import type { ItemId } from '../../items.ts';
import { indexOf, isBlock, nameOf } from '../../items.ts';

/** A node's bar: how full it is, and what that says. */
export interface Bar {
  /** 0 to 1. */
  readonly share: number;
  readonly text: string;
  /** Whether it is how far the weights went: then the node is as hot. */
  readonly isHeat: boolean;
}

/** What is shown, where the choice is left to the studio. */
export function useBarKind(): Exclude<BarKind, 'auto'> {
  const kind = useNetworkView((view) => view.bars);
  const hasHeat = useHeats() !== null;
  return kind === 'auto' ? (hasHeat ? 'change' : 'none') : kind;
}

/** The bar of a node, or null where none is shown. Blocks are compared with blocks, layers with layers. */
export function useBar(item: ItemId): Bar | null {
  const kind = useBarKind();
  const heat = useHeat(item);
  const model = usePlan((plan) => plan.model);
  if (kind === 'change' && heat !== null)
    return { share: heat.heat, text: messages.inspector.heat.bar(rateText(heat.change)), isHeat: true };
  if (kind === 'none' || kind === 'change' || model === null) return null;
  const { blocks, layers } = valuesOf(model, kind);
  const values = isBlock(item) ? blocks : layers;
  const value = values.of.get(nameOf(item));
  if (value === undefined) return null;
  const share = values.largest === 0 ? 0 : value / values.largest;
  return { share, text: messages.network.barText(kind, shortCount(value)), isHeat: false };
}

interface Values {
  readonly of: ReadonlyMap<string, number>;
  readonly largest: number;
}

type CountedKind = 'parameters' | 'work';
const known = new WeakMap<ModelReport, Map<CountedKind, { blocks: Values; layers: Values }>>();

function valuesOf(model: ModelReport, kind: CountedKind): { blocks: Values; layers: Values } {
  const ofModel = known.get(model) ?? new Map<CountedKind, { blocks: Values; layers: Values }>();
  known.set(model, ofModel);
  const before = ofModel.get(kind);
  if (before !== undefined) return before;
  const value = (layer: ModelReport['layers'][number]): number =>
    kind === 'parameters' ? layer.parameters : layer.multiplyAdds;
  const sum = (name: string): number =>
    (indexOf(model).members.get(name) ?? []).reduce((total, layer) => total + value(layer), 0);
  const made = {
    blocks: valuesFrom(model.blocks.map(({ name }) => [name, sum(name)])),
    layers: valuesFrom(model.layers.map((layer) => [layer.name, value(layer)])),
  };
  ofModel.set(kind, made);
  return made;
}

function valuesFrom(entries: readonly (readonly [string, number])[]): Values {
  return { of: new Map(entries), largest: entries.reduce((most, [, value]) => Math.max(most, value), 0) };
}
