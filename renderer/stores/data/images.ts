import { create } from 'zustand';
import type { FindingKind, SplitName } from '../../../shared/domain/dataset.ts';
import type { ImageFilter, ImageRow } from '../../../shared/ipc/dataset/images.ts';
import { mostRows } from '../../../shared/ipc/dataset/images.ts';
import { useApp } from '../app.ts';
import { useDataset } from './dataset.ts';
import { runJob } from '../engine.ts';

/** What the middle of the data station shows: images of a class, those set aside, or findings of a kind. */
export type DataView =
  | { readonly type: 'images'; readonly label: string | null; readonly side: SplitName | null }
  | { readonly type: 'set-aside' }
  | { readonly type: 'findings'; readonly kind: FindingKind };

/** Images of one page; a screen shows less. */
export const pageSize = 200;

/** Pages that are kept beside those that are looked at: enough to go back a little, whatever was scrolled through. */
export const mostPages = 24;

/** The list of images that is shown, as far as it was loaded, and what is selected in it. */
interface ImagesState {
  readonly view: DataView;
  readonly total: number | null;
  readonly pages: ReadonlyMap<number, readonly ImageRow[]>;
  readonly selected: ReadonlyMap<string, ImageRow>;
  /** The image the keyboard is on, and where a range began. */
  readonly active: number;
  readonly anchor: number;
  show(view: DataView): void;
  /** Loads what lies between two positions, where it is not there yet. */
  load(from: number, to: number): void;
  rowAt(index: number): ImageRow | null;
  /** Selects one image, adds it, or everything from where the range began. */
  pick(index: number, how: 'only' | 'toggle' | 'range'): Promise<void>;
  move(index: number): void;
  selectAll(): Promise<void>;
  clear(): void;
}

/** What of a view is asked for. */
export function filterOf(view: DataView): ImageFilter | null {
  switch (view.type) {
    case 'images':
      return { label: view.label, states: ['used', 'unused'], side: view.side };
    case 'set-aside':
      return { label: null, states: ['set-aside'], side: null };
    case 'findings':
      return null;
  }
}

/** Of many pages those around one. */
function nearest<Page>(pages: ReadonlyMap<number, Page>, middle: number): ReadonlyMap<number, Page> {
  if (pages.size <= mostPages) return pages;
  const distance = ([page]: readonly [number, Page]): number => Math.abs(page - middle);
  return new Map([...pages].sort((a, b) => distance(a) - distance(b)).slice(0, mostPages));
}

/** Answers of an older list are not taken. */
let generation = 0;
/** Pages that are looked at now: what was scrolled past before it was asked for is not asked for any more. */
let wanted: readonly number[] = [];
let isLoading = false;

export const useImages = create<ImagesState>()((set, get) => {
  const fetchRows = async (offset: number, limit: number) => {
    const { project } = useDataset.getState();
    const filter = filterOf(get().view);
    if (project === null || filter === null) return null;
    const page = await runJob({ job: 'list-images', dataset: project.folder, filter, offset, limit });
    if (page.ok) return page.value;
    useApp.getState().report(page.error);
    return null;
  };
  const loadWanted = async (): Promise<void> => {
    if (isLoading) return;
    isLoading = true;
    for (;;) {
      const mine = generation;
      const page = wanted.find((one) => !get().pages.has(one));
      const found = page === undefined ? null : await fetchRows(page * pageSize, pageSize);
      // Another list has been begun meanwhile: go on with that.
      if (mine !== generation) continue;
      if (page === undefined || found === null) break;
      const pages = new Map(get().pages).set(page, found.images);
      set({ total: found.total, pages: nearest(pages, page) });
    }
    isLoading = false;
  };
  /** Null when another list has been begun meanwhile, or nothing could be had: then part of it would be wrong. */
  const rowsBetween = async (from: number, to: number): Promise<ImageRow[] | null> => {
    const rows: ImageRow[] = [];
    const mine = generation;
    while (from + rows.length <= to) {
      const offset = from + rows.length;
      const page = await fetchRows(offset, Math.min(mostRows, to - offset + 1));
      if (page === null || page.images.length === 0 || mine !== generation) return null;
      rows.push(...page.images);
    }
    return rows;
  };
  const selectBetween = async (from: number, to: number): Promise<void> => {
    const rows = await rowsBetween(from, to);
    if (rows !== null) set({ selected: new Map(rows.map((one) => [one.path, one])) });
  };
  return {
    view: { type: 'images', label: null, side: null },
    total: null,
    pages: new Map(),
    selected: new Map(),
    active: 0,
    anchor: 0,
    show(view) {
      generation += 1;
      wanted = [0];
      set({ view, total: null, pages: new Map(), selected: new Map(), active: 0, anchor: 0 });
      if (filterOf(view) !== null) void loadWanted();
    },
    load(from, to) {
      const [first, last] = [Math.floor(from / pageSize), Math.floor(to / pageSize)];
      wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      void loadWanted();
    },
    rowAt(index) {
      return get().pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null;
    },
    async pick(index, how) {
      const row = get().rowAt(index);
      if (row === null) return;
      if (how === 'only') set({ selected: new Map([[row.path, row]]), active: index, anchor: index });
      else if (how === 'toggle') {
        const selected = new Map(get().selected);
        if (!selected.delete(row.path)) selected.set(row.path, row);
        set({ selected, active: index, anchor: index });
      } else {
        const { anchor } = get();
        set({ active: index });
        await selectBetween(Math.min(anchor, index), Math.max(anchor, index));
      }
    },
    move(active) {
      set({ active });
    },
    async selectAll() {
      await selectBetween(0, (get().total ?? 0) - 1);
    },
    clear() {
      if (get().selected.size > 0) set({ selected: new Map() });
    },
  };
});

/** Another project begins at its first image; a changed one is loaded anew where it is looked at. */
useDataset.subscribe((now, before) => {
  if (now.revision === before.revision) return;
  const { view, show } = useImages.getState();
  if (now.project?.folder !== before.project?.folder) {
    show({ type: 'images', label: null, side: null });
    return;
  }
  const isGone =
    view.type === 'images' && view.label !== null && !classNames(now.dataset).includes(view.label);
  if (isGone) show({ ...view, label: null });
  else void refresh();
});

function classNames(dataset: ReturnType<typeof useDataset.getState>['dataset']): string[] {
  return [...(dataset?.classes.map((one) => one.class) ?? []), ...(dataset?.emptyClasses ?? [])];
}

/** Loads the pages that are shown again, and shows the old ones until they have come. */
async function refresh(): Promise<void> {
  generation += 1;
  const mine = generation;
  const { view, active } = useImages.getState();
  useImages.setState({ selected: new Map() });
  const filter = filterOf(view);
  const { project } = useDataset.getState();
  if (filter === null || project === null) return;
  const shown = [...new Set([Math.floor(active / pageSize), ...wanted])];
  const pages = new Map<number, readonly ImageRow[]>();
  let total = 0;
  for (const one of shown) {
    const job = { job: 'list-images' as const, dataset: project.folder, filter };
    const found = await runJob({ ...job, offset: one * pageSize, limit: pageSize });
    if (mine !== generation || !found.ok) return;
    total = found.value.total;
    pages.set(one, found.value.images);
  }
  useImages.setState({ total, pages, active: Math.min(active, Math.max(0, total - 1)) });
}
