import type { ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';
import { standingOf, unlabelled } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix } from '../../../../shared/domain/project/project.ts';
import type { ImageFilter, ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { contentsOf, pathOf } from '../../dataset/index.ts';
import type { Held } from './held.ts';

/** Rows of held datasets, made once for each state of their decisions. */
const rowsOf = new WeakMap<Held, readonly ImageRow[]>();
const rowsByPath = new WeakMap<Held, ReadonlyMap<string, ImageRow>>();
const filtered = new WeakMap<Held, Map<string, readonly ImageRow[]>>();

/** Every image file of a held dataset, by path: used, left out, or set aside. */
export function allRows(held: Held): readonly ImageRow[] {
  const known = rowsOf.get(held);
  if (known !== undefined) return known;
  const made = makeRows(held);
  rowsOf.set(held, made);
  return made;
}

/** The rows a filter lets through, by path. */
export function rowsFor(held: Held, filter: ImageFilter): readonly ImageRow[] {
  const { label, states, side } = filter;
  const key = JSON.stringify([label, [...states].sort(), side]);
  const before = filtered.get(held) ?? new Map<string, readonly ImageRow[]>();
  filtered.set(held, before);
  const found =
    before.get(key) ??
    allRows(held).filter(
      (row) =>
        states.includes(row.state) &&
        (label === null || row.label === label) &&
        (side === null || row.side === side),
    );
  before.set(key, found);
  return found;
}

/** The row of an image, if there is such an image. */
export function rowAt(held: Held, path: string): ImageRow | undefined {
  const known = rowsByPath.get(held);
  if (known !== undefined) return known.get(path);
  const made = new Map(allRows(held).map((row) => [row.path, row]));
  rowsByPath.set(held, made);
  return made.get(path);
}

/** Files, used images and the sides of the split are all in the order of their paths: they are gone through together. */
function makeRows({ outcomes, overlay, dataset, split }: Held): ImageRow[] {
  const lists: readonly (readonly [SplitName | null, readonly ImageRecord[]])[] =
    split === null
      ? [[null, dataset.images]]
      : (['train', 'validation', 'test'] as const).map((side) => [side, split[side]]);
  const at = lists.map(() => 0);
  const rows: ImageRow[] = [];
  for (const outcome of contentsOf(outcomes).files) {
    const image = outcome.type === 'file' ? outcome.image : null;
    const path = pathOf(outcome);
    if (path.startsWith(addedPrefix) && !overlay.added.has(path)) continue;
    const sourceLabel = outcome.type === 'file' ? outcome.image.label : outcome.label;
    const { label, isExcluded, pinned } = standingOf(overlay, path, sourceLabel);
    if (label === unlabelled) continue;
    const list = lists.findIndex(([, images], index) => images[at[index] ?? 0]?.path === path);
    if (list >= 0) at[list] = (at[list] ?? 0) + 1;
    rows.push({
      path,
      label,
      state: isExcluded ? 'set-aside' : list >= 0 ? 'used' : 'unused',
      side: lists[list]?.[0] ?? null,
      isPinned: pinned !== null,
      width: image?.width ?? 0,
      height: image?.height ?? 0,
      version: image?.id.slice(0, 12) ?? '',
    });
  }
  return rows;
}
