import { thawFromBlock, thawFromLayer, toggle, withLayers } from '../../../shared/domain/plan/edits.ts';
import { messages } from '../../messages/index.ts';
import { useNetworkView } from '../../stores/network/view.ts';
import { usePlan } from '../../stores/network/plan.ts';
import type { ItemId } from './items.ts';
import { headItem, indexOf, isBlock, layersOf, nameOf } from './items.ts';

/** What a user does to the network, by pointer, key or button; each is undoable and told to a screen reader. */

/** Freezes or thaws an item; a block as a whole. */
export function toggleItem(item: ItemId): void {
  toggleItems([item]);
}

/** Freezes or thaws items together: what is not wholly thawed is thawed. */
export function toggleItems(items: Iterable<ItemId>): void {
  change(items, (thawed, layers) => toggle(thawed, layers));
}

export function setItems(items: Iterable<ItemId>, isThawed: boolean): void {
  change(items, (thawed, layers) => withLayers(thawed, layers, isThawed));
}

/** Gives an item's layers a factor of the learning rate, or a strength of L2-SP; null: the general one. */
export function tuneItem(what: 'rates' | 'l2sp', item: ItemId, value: number | null): void {
  const { model, tune } = usePlan.getState();
  if (model === null) return;
  tune(what, layersOf(model, item), value);
  if (what === 'rates') announce(messages.inspector.tuning.changed(nameOf(item), String(value ?? 1)));
}

/** Thaws from an item to the output and freezes what comes before. */
export function thawFrom(item: ItemId): void {
  const { model, plan } = usePlan.getState();
  if (model === null) return;
  const name = nameOf(item);
  if (item === headItem) plan(new Set());
  else plan(isBlock(item) ? thawFromBlock(model, name) : thawFromLayer(model, name));
  announce(messages.network.thawedFrom(item === headItem ? messages.network.head : name));
}

/** Opens a closed block and closes an open one; on a layer, closes its block and goes there. */
export function expandItem(item: ItemId): void {
  const { expanded, expand, activate } = useNetworkView.getState();
  const { model } = usePlan.getState();
  if (model === null || item === headItem) return;
  const block = isBlock(item) ? nameOf(item) : indexOf(model).layers.get(nameOf(item))?.block;
  if (block === undefined) return;
  const isExpanded = !expanded.has(block);
  expand([block], isExpanded);
  if (!isBlock(item)) activate(`block:${block}`);
  announce(isExpanded ? messages.network.expanded(block) : messages.network.collapsed(block));
}

function change(
  items: Iterable<ItemId>,
  next: (thawed: ReadonlySet<string>, layers: readonly string[]) => ReadonlySet<string>,
): void {
  const { model, thawed, plan } = usePlan.getState();
  if (model === null) return;
  const layers = [...new Set([...items].flatMap((item) => layersOf(model, item)))];
  if (layers.length === 0) return;
  plan(next(thawed, layers));
  const { thawed: now } = usePlan.getState();
  const isThawed = layers.every((layer) => now.has(layer));
  const names = [...items].map(nameOf);
  const what = names.length === 1 ? (names[0] ?? '') : messages.network.items(names.length);
  const total = indexOf(model).thawable.size;
  announce(`${messages.network.became(what, isThawed)} ${messages.network.count(now.size, total)}`);
}

function announce(text: string): void {
  useNetworkView.getState().announce(text);
}
