import type { Edge, Node } from '@xyflow/react';
import type { ModelReport } from '../../../shared/ipc/results.ts';

export type BlockNode = Node<{ readonly block: string }, 'block'>;
export type HeadNode = Node<{ readonly classes: number }, 'head'>;
export type NetworkNode = BlockNode | HeadNode;

export const headNodeId = 'head of ours';
const columnWidth = 210;
const rowHeight = 110;

/**
 * Blocks in the order of computation, row by row, every second row running back, so that neighbours stay neighbours.
 * The head comes last.
 */
export function layoutBlocks(
  model: ModelReport,
  classes: number,
  columns: number,
): { nodes: NetworkNode[]; edges: Edge[] } {
  const body = model.blocks.filter(({ name }) => name !== 'head');
  const place = (index: number) => {
    const row = Math.floor(index / columns);
    const along = index % columns;
    return { x: (row % 2 === 0 ? along : columns - 1 - along) * columnWidth, y: row * rowHeight };
  };
  const blocks = body.map(({ name }, index): BlockNode => ({
    id: name,
    type: 'block',
    position: place(index),
    data: { block: name },
  }));
  const head: HeadNode = { id: headNodeId, type: 'head', position: place(body.length), data: { classes } };
  const nodes = [...blocks, head];
  const edges = nodes.slice(1).map((node, index): Edge => {
    const source = nodes[index]?.id ?? '';
    return { id: `${source} to ${node.id}`, source, target: node.id, ...handles(index, columns) };
  });
  return { nodes, edges };
}

/** Which sides an edge leaves and enters: along the row, or down at its end. */
function handles(index: number, columns: number): { sourceHandle: string; targetHandle: string } {
  if ((index + 1) % columns === 0) return { sourceHandle: 'bottom', targetHandle: 'top' };
  const runsRight = Math.floor(index / columns) % 2 === 0;
  return runsRight
    ? { sourceHandle: 'right', targetHandle: 'left' }
    : { sourceHandle: 'left', targetHandle: 'right' };
}
