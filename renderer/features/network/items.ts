import { thawable, thawableOf } from '../../../shared/domain/plan/edits.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import { headName } from './layout/structure.ts';

/** What can be pointed at in the graph: a block, open or closed, or a layer. */
export type ItemId = `block:${string}` | `layer:${string}`;

export function blockItem(name: string): ItemId {
  return `block:${name}`;
}

export function layerItem(name: string): ItemId {
  return `layer:${name}`;
}

export const headItem = blockItem(headName);

/** The item of a node's or edge's end. */
export function itemOf({ kind, name }: { readonly kind: string; readonly name: string }): ItemId {
  return kind === 'layer' ? layerItem(name) : blockItem(name);
}

export function nameOf(item: ItemId): string {
  return item.slice(item.indexOf(':') + 1);
}

export function isBlock(item: ItemId): boolean {
  return item.startsWith('block:');
}

export type LayerReport = ModelReport['layers'][number];
export type BlockReport = ModelReport['blocks'][number];

/** A model's layers and blocks by name. */
export interface ModelIndex {
  readonly layers: ReadonlyMap<string, LayerReport>;
  readonly blocks: ReadonlyMap<string, BlockReport>;
  readonly members: ReadonlyMap<string, readonly LayerReport[]>;
  /** Layers that can be frozen and thawed, of the model and of each block. */
  readonly thawable: ReadonlySet<string>;
  readonly thawableOf: ReadonlyMap<string, readonly string[]>;
}

const indices = new WeakMap<ModelReport, ModelIndex>();

/** The index of a model; made once. */
export function indexOf(model: ModelReport): ModelIndex {
  const known = indices.get(model);
  if (known !== undefined) return known;
  const members = new Map<string, LayerReport[]>();
  for (const layer of model.layers) {
    const own = members.get(layer.block);
    if (own === undefined) members.set(layer.block, [layer]);
    else own.push(layer);
  }
  const made: ModelIndex = {
    layers: new Map(model.layers.map((layer) => [layer.name, layer])),
    blocks: new Map(model.blocks.map((block) => [block.name, block])),
    members,
    thawable: new Set(thawable(model)),
    thawableOf: new Map(model.blocks.map(({ name }) => [name, thawableOf(model, [name])])),
  };
  indices.set(model, made);
  return made;
}

/** The layers that are frozen or thawed with an item. */
export function layersOf(model: ModelReport, item: ItemId): readonly string[] {
  const { thawable: all, thawableOf: byBlock } = indexOf(model);
  const name = nameOf(item);
  if (isBlock(item)) return byBlock.get(name) ?? [];
  return all.has(name) ? [name] : [];
}
