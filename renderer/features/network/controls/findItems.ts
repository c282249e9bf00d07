import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import type { ItemId } from '../items.ts';
import { blockItem, layerItem } from '../items.ts';

/** Something found, and the block to open for it. */
export interface Found {
  readonly item: ItemId;
  readonly name: string;
  /** A layer's class, or null for a block. */
  readonly type: string | null;
  readonly block: string | null;
}

/**
 * Blocks and layers whose name, or layers whose class, contains every word of the query; names that begin with it come
 * first, then blocks, then the order of computation.
 */
export function findItems(
  model: Pick<ModelReport, 'blocks' | 'layers' | 'replaced'>,
  query: string,
): Found[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const replaced = new Set(model.replaced);
  const layers = model.layers.filter(({ name }) => !replaced.has(name));
  const shown = new Set(layers.map(({ block }) => block));
  const found: Found[] = [
    ...model.blocks
      .filter(({ name }) => shown.has(name))
      .map(({ name }) => ({ item: blockItem(name), name, type: null, block: null })),
    ...layers.map(({ name, type, block }) => ({ item: layerItem(name), name, type, block })),
  ];
  const matches = found.filter(({ name, type }) => {
    const text = `${name} ${type ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = ({ name }: Found): boolean => name.toLowerCase().startsWith(words[0] ?? '');
  return [...matches.filter(begins), ...matches.filter((one) => !begins(one))];
}
