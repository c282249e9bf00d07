import { layOutDirected } from './directed.ts';
import type { Interior } from './interior.ts';
import { moved } from './interior.ts';
import { InteriorCache } from './interiorCache.ts';
import type { Box, End, Layout, LayoutChoice, PlacedEdge, PlacedNode, Point } from './layout.ts';
import { sizes } from './layout.ts';
import type { Flow } from './paths.ts';
import { cornered, curved, extentOf } from './paths.ts';
import { layOutRows, routeInRows } from './rows.ts';
import type { Structure } from './structure.ts';
import { headName } from './structure.ts';

/** Lays one network out, again and again: the inside of a block is laid out once. */
export interface NetworkLayout {
  layOut(choice: LayoutChoice): Layout;
}

/** An edge between two blocks, for each layer that is read across. */
interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly target: string;
}

type Route = (
  from: string,
  to: string,
  ports: { readonly from: number | null; readonly to: number | null },
) => readonly Point[];

const gaps = { rank: sizes.gap, node: 36 };

/**
 * Blocks are laid out as nodes as large as what they show, the inside of open ones separately: 800 layers take a
 * fraction of a second where one flat graph would take many.
 */
export function networkLayout(structure: Structure): NetworkLayout {
  const blockOf = new Map(
    structure.blocks.flatMap(({ name, layers }) => layers.map((one) => [one.name, name])),
  );
  const crossings = crossingsOf(structure, blockOf);
  const readOutside = new Set(crossings.map(({ source }) => source));
  const interiors = new InteriorCache();
  return {
    layOut(choice) {
      const flow = choice.arrangement === 'right' ? 'right' : 'down';
      const wanted = new Set(choice.expanded);
      const opened = new Map(
        structure.blocks
          .filter(({ name }) => wanted.has(name) && name !== headName)
          .map((block) => [block.name, interiors.interiorOf(block, readOutside, flow)]),
      );
      return assemble(structure, crossings, opened, choice, flow);
    },
  };
}

function crossingsOf(structure: Structure, blockOf: ReadonlyMap<string, string>): Crossing[] {
  return structure.blocks.flatMap(({ name: to, layers }) =>
    layers.flatMap(({ name: target, inputs }) =>
      inputs.flatMap((source) => {
        const from = blockOf.get(source);
        return from === undefined || from === to ? [] : [{ from, to, source, target }];
      }),
    ),
  );
}

function assemble(
  structure: Structure,
  crossings: readonly Crossing[],
  opened: ReadonlyMap<string, Interior>,
  choice: LayoutChoice,
  flow: Flow,
): Layout {
  const nodes = structure.blocks.map(({ name }) => {
    const { width, height } = opened.get(name) ?? sizes.block;
    return { id: name, width, height };
  });
  const pairs = pairsOf(crossings);
  const outer = choice.arrangement === 'compact' ? inRows() : inRanks();
  const placed = structure.blocks.flatMap(({ name }) =>
    placeBlock(name, outer.boxOf.get(name), opened.get(name)),
  );
  const inner = [...opened].flatMap(([name, { inner: edges }]) =>
    edges.map(({ source, target, points }): PlacedEdge => {
      const by = outer.boxOf.get(name) ?? { x: 0, y: 0 };
      return placedEdge(layerEnd(source), layerEnd(target), curved(shifted(points, by), flow));
    }),
  );
  return { nodes: placed, edges: [...inner, ...between()] };

  function inRows(): { boxOf: ReadonlyMap<string, Box>; route: Route } {
    const rows = layOutRows(nodes, choice.aspect);
    return {
      boxOf: rows.boxOf,
      route: (from, to, ports) => routeInRows(rows, from, to, ports),
    };
  }

  function inRanks(): { boxOf: ReadonlyMap<string, Box>; route: Route } {
    const { boxOf, routes } = layOutDirected(nodes, pairs, flow, gaps);
    const byPair = new Map(pairs.map(({ from, to }, index) => [`${from}\n${to}`, routes[index] ?? []]));
    return { boxOf, route: (from, to) => byPair.get(`${from}\n${to}`) ?? [] };
  }

  function between(): PlacedEdge[] {
    const drawn = new Map<string, PlacedEdge>();
    for (const { from, to, source, target } of crossings) {
      const start = opened.has(from) ? layerEnd(source) : blockEnd(from);
      const end = opened.has(to) ? layerEnd(target) : blockEnd(to);
      const key = `${start.kind} ${start.name}\n${end.kind} ${end.name}`;
      if (drawn.has(key)) continue;
      drawn.set(key, placedEdge(start, end, pathBetween(from, to, source, target)));
    }
    return [...drawn.values()];
  }

  /** Out of an open block, between the blocks, into an open block. */
  function pathBetween(from: string, to: string, source: string, target: string): string {
    const leaving = opened.get(from)?.leaving.find((one) => one.source === source)?.points ?? [];
    const entering =
      opened.get(to)?.entering.find((one) => one.source === source && one.target === target)?.points ?? [];
    const out = shifted(leaving, outer.boxOf.get(from) ?? { x: 0, y: 0 });
    const into = shifted(entering, outer.boxOf.get(to) ?? { x: 0, y: 0 });
    const route = outer.route(from, to, { from: out.at(-1)?.x ?? null, to: into[0]?.x ?? null });
    if (choice.arrangement === 'compact') return acrossRows(out, route, into);
    const [entry] = into;
    const end = entry === undefined ? route.at(-1) : atBorder(entry, outer.boxOf.get(to), flow);
    // Between neighbours the point in the middle only bends what could be straight.
    const bends = route.length > 3 ? route.slice(1, -1) : [];
    const middle = [out.at(-1) ?? route[0], ...bends, end];
    const points = [...out.slice(0, -1), ...middle.filter((point) => point !== undefined), ...into];
    return curved(points, flow);
  }
}

/** Straight before the port, at the border: above an open block's title. */
function atBorder(port: Point, box: Box | undefined, flow: Flow): Point {
  if (box === undefined) return port;
  return flow === 'down' ? { x: port.x, y: box.y } : { x: box.x, y: port.y };
}

/** Where a route comes to an open block from the side, it turns to the port inside. */
function acrossRows(out: readonly Point[], route: readonly Point[], into: readonly Point[]): string {
  const [first] = route;
  const last = route.at(-1);
  const port = out.at(-1);
  const entry = into[0];
  if (first === undefined || last === undefined) return '';
  const outer = [
    ...(port === undefined ? [] : [{ x: port.x, y: first.y }]),
    ...route,
    ...(entry === undefined ? [] : [{ x: entry.x, y: last.y }]),
  ];
  const before = port === undefined ? '' : curved([...out.slice(0, -1), outer[0] ?? port], 'down');
  const after = entry === undefined ? '' : curved([outer.at(-1) ?? entry, ...into], 'down');
  return `${before}${cornered(outer)}${after}`;
}

function pairsOf(crossings: readonly Crossing[]): { from: string; to: string; weight: number }[] {
  const pairs = new Map<string, { from: string; to: string; weight: number }>();
  for (const { from, to } of crossings) {
    const known = pairs.get(`${from}\n${to}`);
    if (known === undefined) pairs.set(`${from}\n${to}`, { from, to, weight: 1 });
    else known.weight += 1;
  }
  return [...pairs.values()];
}

function placeBlock(name: string, box: Box | undefined, interior: Interior | undefined): PlacedNode[] {
  if (box === undefined) return [];
  if (name === headName) return [{ ...box, kind: 'head', name, block: name }];
  if (interior === undefined) return [{ ...box, kind: 'block', name, block: name }];
  return [
    { ...box, kind: 'group', name, block: name },
    ...interior.layers.map((layer): PlacedNode => ({
      ...layer.box,
      ...moved(layer.box, box),
      kind: 'layer',
      name: layer.name,
      block: name,
    })),
  ];
}

function shifted(points: readonly Point[], by: Point): Point[] {
  return points.map((point) => moved(point, by));
}

function placedEdge(source: End, target: End, path: string): PlacedEdge {
  return { source, target, path, box: extentOf(path) };
}

function layerEnd(name: string): End {
  return { kind: 'layer', name };
}
function blockEnd(name: string): End {
  return { kind: 'block', name };
}
