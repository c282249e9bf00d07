import type { ItemId } from '../../items.ts';
import { blockItem, itemOf, layerItem } from '../../items.ts';
import type { Arrangement, Box, Layout } from '../../layout/layout.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

const vectors = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
} as const;

/** Which arrows go with the values, to the output. */
const onwards: Readonly<Record<Arrangement, readonly Direction[]>> = {
  compact: ['right', 'down'],
  down: ['down'],
  right: ['right'],
};
const backwards: Readonly<Record<Arrangement, readonly Direction[]>> = {
  compact: ['left', 'up'],
  down: ['up'],
  right: ['left'],
};

/**
 * Where an arrow key leads. With or against the flow: along an edge that points that way, else along any edge. Across
 * the flow: to the nearest node that lies that way. Null at the end of the graph.
 */
export function neighbour(
  layout: Layout,
  from: ItemId,
  direction: Direction,
  arrangement: Arrangement,
): ItemId | null {
  const boxes = new Map(layout.nodes.map((node) => [itemOf(node), node]));
  const here = boxes.get(from);
  if (here === undefined) return null;
  const { next, before } = linksOf(layout, from);
  const isAlong = [...onwards[arrangement], ...backwards[arrangement]].includes(direction);
  const linked = isAlong ? bestTowards([...next, ...before], boxes, here, direction) : null;
  if (linked !== null) return linked;
  if (onwards[arrangement].includes(direction)) return next[0] ?? null;
  if (backwards[arrangement].includes(direction)) return before[0] ?? null;
  const isFrame = (item: ItemId): boolean => boxes.get(item)?.kind === 'group';
  return bestTowards(
    [...boxes.keys()].filter((item) => item !== from && !isFrame(item)),
    boxes,
    here,
    direction,
  );
}

/** The ends of an item's edges; an open block leads to its first layer, which leads back to it. */
function linksOf({ nodes, edges }: Layout, item: ItemId): { next: ItemId[]; before: ItemId[] } {
  const next = edges.filter(({ source }) => itemOf(source) === item).map(({ target }) => itemOf(target));
  const before = edges.filter(({ target }) => itemOf(target) === item).map(({ source }) => itemOf(source));
  const own = nodes.find((node) => itemOf(node) === item);
  if (own?.kind === 'group') {
    const first = nodes.find(({ kind, block }) => kind === 'layer' && block === own.name);
    if (first !== undefined) next.unshift(layerItem(first.name));
  }
  if (own?.kind === 'layer') {
    const first = nodes.find(({ kind, block }) => kind === 'layer' && block === own.block);
    if (first === own) before.unshift(blockItem(own.block));
  }
  return { next, before };
}

/** The nearest of some items that lies within 45° of a direction. */
function bestTowards(
  items: readonly ItemId[],
  boxes: ReadonlyMap<ItemId, Box>,
  here: Box,
  direction: Direction,
): ItemId | null {
  let best: { readonly item: ItemId; readonly distance: number } | null = null;
  const { x, y } = vectors[direction];
  for (const item of items) {
    const box = boxes.get(item);
    if (box === undefined) continue;
    const dx = box.x + box.width / 2 - (here.x + here.width / 2);
    const dy = box.y + box.height / 2 - (here.y + here.height / 2);
    const along = dx * x + dy * y;
    const across = Math.abs(dx * y) + Math.abs(dy * x);
    if (along <= 0 || across > along) continue;
    const distance = along + 2 * across;
    if (best === null || distance < best.distance) best = { item, distance };
  }
  return best?.item ?? null;
}
