import type { DirectedEdge, DirectedNode } from './directed.ts';
import { layOutDirected } from './directed.ts';
import type { Box, Point } from './layout.ts';
import { sizes } from './layout.ts';
import type { Flow } from './paths.ts';
import type { StructureBlock } from './structure.ts';

/** An open block: its layers, counted from its corner, and the routes of edges inside it. */
export interface Interior {
  readonly width: number;
  readonly height: number;
  readonly layers: readonly { readonly name: string; readonly box: Box }[];
  readonly inner: readonly {
    readonly source: string;
    readonly target: string;
    readonly points: readonly Point[];
  }[];
  /** From the block's border to a layer, for what is read from outside. */
  readonly entering: readonly {
    readonly source: string;
    readonly target: string;
    readonly points: readonly Point[];
  }[];
  /** From a layer to the block's border, for what is read outside. */
  readonly leaving: readonly { readonly source: string; readonly points: readonly Point[] }[];
}

const gaps = { rank: 26, node: 30 };
/** Ports are held at the border by edges that cost more than those inside. */
const portWeight = 20;

/**
 * Lays the layers of a block out. What comes from outside enters by a port of its own at the border, so that a residual
 * branch is seen to pass by the layers it skips.
 * @param read names of the block's layers that are read outside it.
 */
export function layOutInterior(block: StructureBlock, read: ReadonlySet<string>, flow: Flow): Interior {
  const own = new Set(block.layers.map(({ name }) => name));
  const crossing = block.layers.flatMap(({ name, inputs }) =>
    inputs.filter((input) => !own.has(input)).map((source) => ({ source, target: name })),
  );
  const sources = [...new Set(crossing.map(({ source }) => source))];
  const exits = block.layers.filter(({ name }) => read.has(name)).map(({ name }) => name);
  const inner = block.layers.flatMap(({ name, inputs }) =>
    inputs.filter((input) => own.has(input)).map((source) => ({ source, target: name })),
  );
  const edges: DirectedEdge[] = [
    ...inner.map(({ source, target }) => ({ from: layerId(source), to: layerId(target) })),
    ...crossing.map(({ source, target }) => ({ from: entryId(source), to: layerId(target) })),
    ...exits.map((name) => ({ from: layerId(name), to: exitId(name) })),
  ];
  const nodes: DirectedNode[] = [
    ...block.layers.map(({ name }) => ({ id: layerId(name), ...sizes.layer })),
    ...[...sources.map(entryId), ...exits.map(exitId)].map(port),
  ];
  if (sources.length > 1) {
    nodes.push(port('first'));
    for (const source of sources) edges.push({ from: 'first', to: entryId(source), weight: portWeight });
  }
  if (exits.length > 1) {
    nodes.push(port('last'));
    for (const name of exits) edges.push({ from: exitId(name), to: 'last', weight: portWeight });
  }
  const { boxOf, routes, width, height } = layOutDirected(nodes, edges, flow, gaps);
  // Without a port the first layer would touch the title.
  const inset = sources.length === 0 ? 12 : 2;
  const size = {
    width: Math.max(width, sizes.layer.width) + 2 * sizes.padding,
    height: height + sizes.title + inset + sizes.padding,
  };
  const shift = { x: (size.width - width) / 2, y: sizes.title + inset };
  const route = (index: number): Point[] => (routes[index] ?? []).map((point) => moved(point, shift));
  return {
    ...size,
    layers: block.layers.map(({ name }) => {
      const box = boxOf.get(layerId(name)) ?? { x: 0, y: 0, ...sizes.layer };
      return { name, box: { ...box, ...moved(box, shift) } };
    }),
    inner: inner.map((edge, index) => ({ ...edge, points: route(index) })),
    entering: crossing.map((edge, index) => ({
      ...edge,
      points: fromBorder(route(inner.length + index), flow),
    })),
    leaving: exits.map((source, index) => ({
      source,
      points: toBorder(route(inner.length + crossing.length + index), flow, size),
    })),
  };
}

function port(id: string): DirectedNode {
  return { id, width: 1, height: 1 };
}

/** Below the title, whichever row the port was laid out in. */
function fromBorder(points: readonly Point[], flow: Flow): Point[] {
  const [first] = points;
  if (first === undefined) return [];
  const start = flow === 'down' ? { x: first.x, y: sizes.title } : { x: 0, y: first.y };
  return [start, ...points.slice(1)];
}

function toBorder(
  points: readonly Point[],
  flow: Flow,
  { width, height }: { readonly width: number; readonly height: number },
): Point[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  return [...points.slice(0, -1), flow === 'down' ? { x: last.x, y: height } : { x: width, y: last.y }];
}

export function moved(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y };
}

function layerId(name: string): string {
  return `layer ${name}`;
}
function entryId(name: string): string {
  return `entry ${name}`;
}
function exitId(name: string): string {
  return `exit ${name}`;
}
