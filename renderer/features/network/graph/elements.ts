import type { Node } from '@xyflow/react';
import type { ItemId } from '../items.ts';
import { itemOf } from '../items.ts';
import type { Layout, PlacedNode } from '../layout/layout.ts';

/** What a node shows comes from the stores; the graph only says which and where. */
export type GraphNode = Node<
  { readonly item: ItemId; readonly name: string; readonly block: string },
  NodeType
>;
type NodeType = Exclude<PlacedNode['kind'], 'group'> | 'frame';

/** Frames lie under edges, edges under layers. */
const depth = { group: 0, block: 2, layer: 2, head: 2 } as const;

/** A layout as the graph library's nodes; sizes are known, so nothing is measured. */
export function elementsOf(layout: Layout): GraphNode[] {
  return layout.nodes.map(({ kind, name, block, x, y, width, height }): GraphNode => ({
    id: itemOf({ kind, name }),
    type: kind === 'group' ? 'frame' : kind,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    zIndex: depth[kind],
    data: { item: itemOf({ kind, name }), name, block },
  }));
}
