import { Graph, layout } from '@dagrejs/dagre';
import type { Box, Point } from './layout.ts';
import type { Flow } from './paths.ts';

export interface DirectedNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface DirectedEdge {
  readonly from: string;
  readonly to: string;
  /** How dearly its length costs; heavy edges stay short and straight. */
  readonly weight?: number;
}

export interface Directed {
  readonly width: number;
  readonly height: number;
  readonly boxOf: ReadonlyMap<string, Box>;
  /** The points an edge runs through, from border to border; in the order of the edges. */
  readonly routes: readonly (readonly Point[])[];
}

/**
 * Lays a directed graph out in layers (Gansner et al. 1993, "A technique for drawing directed graphs", as dagre does
 * it). Positions count from the drawing's corner.
 */
export function layOutDirected(
  nodes: readonly DirectedNode[],
  edges: readonly DirectedEdge[],
  flow: Flow,
  gaps: { readonly rank: number; readonly node: number },
): Directed {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: flow === 'down' ? 'TB' : 'LR',
    ranksep: gaps.rank,
    nodesep: gaps.node,
    edgesep: gaps.node / 2,
  });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const [index, { from, to, weight }] of edges.entries())
    graph.setEdge(from, to, { weight: weight ?? 1, minlen: 1 }, String(index));
  layout(graph);
  const boxOf = new Map<string, Box>();
  for (const { id, width, height } of nodes) {
    const { x, y } = graph.node(id) as Point;
    boxOf.set(id, { x: x - width / 2, y: y - height / 2, width, height });
  }
  const routes = edges.map(({ from, to }, index) => {
    const { points } = graph.edge({ v: from, w: to, name: String(index) }) as { points: Point[] };
    return points;
  });
  const size = graph.graph() as { width: number; height: number };
  return { width: size.width, height: size.height, boxOf, routes };
}
