import type { SplitName } from '../../../../shared/domain/dataset.ts';
import { standingOf } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix } from '../../../../shared/domain/project/project.ts';
import type { ImageFilter, ImageRow } from '../../../../shared/ipc/images.ts';
import { compareCodePoints } from '../../dataset/index.ts';
import type { Held } from './held.ts';

/** Rows of held datasets, made once for each state of their decisions. */
const rowsOf = new WeakMap<
  Held,
  { readonly all: readonly ImageRow[]; readonly byPath: Map<string, ImageRow> }
>();
const filtered = new WeakMap<Held, Map<string, readonly ImageRow[]>>();

/** Every image file of a held dataset, by path: used, left out, or set aside. */
export function allRows(held: Held): readonly ImageRow[] {
  return known(held).all;
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
  return known(held).byPath.get(path);
}

function known(held: Held): { readonly all: readonly ImageRow[]; readonly byPath: Map<string, ImageRow> } {
  const before = rowsOf.get(held);
  if (before !== undefined) return before;
  const all = makeRows(held);
  const made = { all, byPath: new Map(all.map((row) => [row.path, row])) };
  rowsOf.set(held, made);
  return made;
}

function makeRows({ outcomes, overlay, dataset, split }: Held): ImageRow[] {
  const sides = new Map<string, SplitName>();
  for (const side of ['train', 'validation', 'test'] as const)
    for (const { path } of split?.[side] ?? []) sides.set(path, side);
  const used = new Set(dataset.images.map(({ path }) => path));
  const rows: ImageRow[] = [];
  for (const outcome of outcomes) {
    if (outcome.type !== 'file' && outcome.type !== 'unusable') continue;
    const image = outcome.type === 'file' ? outcome.image : null;
    const path = image?.path ?? (outcome.type === 'unusable' ? outcome.path : '');
    if (path.startsWith(addedPrefix) && !overlay.added.has(path)) continue;
    const sourceLabel = outcome.type === 'file' ? outcome.image.label : outcome.label;
    const { label, isExcluded, pinned } = standingOf(overlay, path, sourceLabel);
    const isUsed = used.has(path);
    rows.push({
      path,
      label,
      state: isExcluded ? 'set-aside' : isUsed ? 'used' : 'unused',
      side: isUsed ? (sides.get(path) ?? null) : null,
      isPinned: pinned !== null,
      width: image?.width ?? 0,
      height: image?.height ?? 0,
      version: image?.id.slice(0, 12) ?? '',
    });
  }
  return rows.sort((a, b) => compareCodePoints(a.path, b.path));
}
