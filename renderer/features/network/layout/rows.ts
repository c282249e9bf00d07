import type { DirectedNode } from './directed.ts';
import type { Box, Point } from './layout.ts';
import { sizes } from './layout.ts';

/** Blocks in rows that run to and fro, so that what follows each other stays side by side. */
export interface Rows {
  readonly boxOf: ReadonlyMap<string, Box>;
  readonly rowOf: ReadonlyMap<string, number>;
}

/** Widths of rows that are tried. */
const mostTried = 120;

/**
 * Fills rows in order, every second one from right to left, as many blocks in a row as make the whole fit a room of
 * this shape best.
 * @param aspect the room's width by its height.
 */
export function layOutRows(nodes: readonly DirectedNode[], aspect: number): Rows {
  const widest = Math.max(...nodes.map(({ width }) => width));
  let best: { readonly rows: DirectedNode[][]; readonly scale: number } | null = null;
  const column = sizes.block.width + sizes.gap;
  const total = rowWidth(nodes);
  // Open blocks are many times as wide as closed ones: rows grow by as much as is still worth trying.
  const step = Math.max(column, total / mostTried);
  for (let limit = Math.max(widest, 2 * column); ; limit += step) {
    const rows = fill(nodes, limit);
    const { width, height } = extent(rows);
    const scale = Math.min(aspect / width, 1 / height);
    if (best === null || scale > best.scale) best = { rows, scale };
    if (limit >= total) break;
  }
  return place(best?.rows ?? []);
}

function fill(nodes: readonly DirectedNode[], limit: number): DirectedNode[][] {
  const rows: DirectedNode[][] = [];
  let row: DirectedNode[] = [];
  let width = 0;
  for (const node of nodes) {
    if (row.length > 0 && width + node.width > limit) {
      rows.push(row);
      row = [];
      width = 0;
    }
    row.push(node);
    width += node.width + sizes.gap;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function rowWidth(row: readonly DirectedNode[]): number {
  return row.reduce((sum, { width }) => sum + width + sizes.gap, -sizes.gap);
}

function rowHeight(row: readonly DirectedNode[]): number {
  return Math.max(...row.map(({ height }) => height));
}

function extent(rows: readonly (readonly DirectedNode[])[]): { width: number; height: number } {
  return {
    width: Math.max(...rows.map(rowWidth)),
    height: rows.reduce((sum, row) => sum + rowHeight(row) + sizes.gap, -sizes.gap),
  };
}

function place(rows: readonly (readonly DirectedNode[])[]): Rows {
  const boxOf = new Map<string, Box>();
  const rowOf = new Map<string, number>();
  const total = rows.length === 0 ? 0 : extent(rows).width;
  let y = 0;
  for (const [index, row] of rows.entries()) {
    const runsRight = index % 2 === 0;
    let along = 0;
    for (const { id, width, height } of row) {
      const x = runsRight ? along : total - along - width;
      boxOf.set(id, { x, y, width, height });
      rowOf.set(id, index);
      along += width + sizes.gap;
    }
    y += rowHeight(row) + sizes.gap;
  }
  return { boxOf, rowOf };
}

/**
 * A route between two blocks in rows: sideways between neighbours, through the gaps between rows otherwise.
 * @param ports where an open block's edges leave at its bottom and enter below its title; null for a closed one.
 */
export function routeInRows(
  { boxOf, rowOf }: Rows,
  from: string,
  to: string,
  ports: { readonly from: number | null; readonly to: number | null },
): Point[] {
  const source = boxOf.get(from);
  const target = boxOf.get(to);
  const rowFrom = rowOf.get(from) ?? 0;
  const rowTo = rowOf.get(to) ?? 0;
  if (source === undefined || target === undefined) return [];
  const leavesAt = ports.from !== null ? source.y + source.height - 10 : source.y + source.height / 2;
  const entersAt = ports.to !== null ? target.y + sizes.title : target.y + target.height / 2;
  if (rowFrom === rowTo) {
    const isRight = target.x > source.x;
    const start = { x: isRight ? source.x + source.width : source.x, y: leavesAt };
    const end = { x: isRight ? target.x : target.x + target.width, y: entersAt };
    const space = isRight ? end.x - start.x : start.x - end.x;
    if (space <= sizes.gap + 1) {
      const middle = (start.x + end.x) / 2;
      return [start, { x: middle, y: start.y }, { x: middle, y: end.y }, end];
    }
    // Over the blocks between them.
    const above = Math.min(source.y, target.y) - sizes.gap / 3;
    const up = start.x + (isRight ? 1 : -1) * (sizes.gap / 3);
    const down = end.x - (isRight ? 1 : -1) * (sizes.gap / 3);
    return [
      start,
      { x: up, y: start.y },
      { x: up, y: above },
      { x: down, y: above },
      { x: down, y: end.y },
      end,
    ];
  }
  const start = { x: ports.from ?? source.x + source.width / 2, y: source.y + source.height };
  const end = { x: ports.to ?? target.x + target.width / 2, y: target.y };
  const turn = end.y - sizes.gap / 2;
  if (rowTo === rowFrom + 1) return [start, { x: start.x, y: turn }, { x: end.x, y: turn }, end];
  // Past the rows between them, at the edge of the drawing.
  const left = Math.min(...[...boxOf.values()].map(({ x }) => x)) - sizes.gap / 2;
  const below = start.y + sizes.gap / 2;
  return [
    start,
    { x: start.x, y: below },
    { x: left, y: below },
    { x: left, y: turn },
    { x: end.x, y: turn },
    end,
  ];
}
