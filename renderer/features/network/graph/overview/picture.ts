import type { PlanState, Thawed } from '../../../../../shared/domain/plan/edits.ts';
import { stateOf } from '../../../../../shared/domain/plan/edits.ts';
import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import type { Heat } from '../../heatView.ts';
import type { ItemId } from '../../items.ts';
import { headItem, itemOf, layersOf } from '../../items.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Reach } from '../../planView.ts';
import { reachBetween } from '../../planView.ts';

/** A network from afar, ready to be drawn many times: what looks alike is one path. */
export interface Picture {
  readonly routes: ReadonlyMap<Reach, Path2D>;
  readonly frames: ReadonlyMap<PlanState, Path2D>;
  readonly nodes: ReadonlyMap<PlanState, Path2D>;
  /** Nodes by how hot they are, 0 to 1 in eighths. */
  readonly heats: ReadonlyMap<number, Path2D>;
  readonly selected: Path2D;
}

const heatSteps = 8;

/** The picture of a layout under a plan. */
export function pictureOf(
  layout: Layout,
  model: ModelReport,
  thawed: Thawed,
  selected: ReadonlySet<ItemId>,
  heats: ReadonlyMap<ItemId, Heat> | null,
): Picture {
  const picture = {
    routes: new Map<Reach, Path2D>(),
    frames: new Map<PlanState, Path2D>(),
    nodes: new Map<PlanState, Path2D>(),
    heats: new Map<number, Path2D>(),
    selected: new Path2D(),
  };
  for (const { source, target, path } of layout.edges)
    pathIn(picture.routes, reachBetween(model, thawed, itemOf(source), itemOf(target))).addPath(
      new Path2D(path),
    );
  for (const node of layout.nodes) {
    const item = itemOf(node);
    const { x, y, width, height } = node;
    const state = item === headItem ? 'thawed' : stateOf(layersOf(model, item), thawed);
    const isFrame = node.kind === 'group';
    pathIn(isFrame ? picture.frames : picture.nodes, state).rect(x, y, width, height);
    if (selected.has(item)) picture.selected.rect(x, y, width, height);
    const heat = isFrame ? undefined : heats?.get(item);
    if (heat === undefined) continue;
    pathIn(picture.heats, Math.round(heat.heat * heatSteps) / heatSteps).rect(x, y, width, height);
  }
  return picture;
}

function pathIn<Key>(paths: Map<Key, Path2D>, key: Key): Path2D {
  const path = paths.get(key) ?? new Path2D();
  paths.set(key, path);
  return path;
}

/** The block at a place of the drawing, open or closed: from afar single layers are too small to be meant. */
export function blockAt({ nodes }: Layout, x: number, y: number): ItemId | null {
  const here = nodes.find(
    (node) =>
      node.kind !== 'layer' &&
      x >= node.x &&
      y >= node.y &&
      x <= node.x + node.width &&
      y <= node.y + node.height,
  );
  return here === undefined ? null : itemOf(here);
}
