import { create } from 'zustand';
import type { ModelReport } from '../../shared/ipc/results.ts';

/** Which layers are thawed, with a history to go back and forth in. */
interface PlanState {
  readonly model: ModelReport | null;
  readonly thawed: ReadonlySet<string>;
  readonly past: readonly ReadonlySet<string>[];
  readonly future: readonly ReadonlySet<string>[];
  readonly selected: string | null;
  load(model: ModelReport): void;
  select(block: string | null): void;
  toggleBlock(block: string): void;
  toggleLayer(layer: string): void;
  thawFromBlock(block: string): void;
  thawLast(share: Preset): void;
  undo(): void;
  redo(): void;
}

export type Preset = 'head' | 'last' | 'quarter' | 'all';

export const usePlan = create<PlanState>()((set, get) => {
  const change = (thawed: ReadonlySet<string>): void => {
    const { thawed: before, past } = get();
    set({ thawed, past: [...past, before].slice(-100), future: [] });
  };
  return {
    model: null,
    thawed: new Set(),
    past: [],
    future: [],
    selected: null,
    load(model) {
      set({ model, thawed: new Set(), past: [], future: [], selected: null });
    },
    select(selected) {
      set({ selected });
    },
    toggleBlock(block) {
      const layers = layersOf(get().model, [block]);
      const thawed = new Set(get().thawed);
      const isThawed = layers.every((layer) => thawed.has(layer));
      for (const layer of layers)
        if (isThawed) thawed.delete(layer);
        else thawed.add(layer);
      change(thawed);
    },
    toggleLayer(layer) {
      const thawed = new Set(get().thawed);
      if (!thawed.delete(layer)) thawed.add(layer);
      change(thawed);
    },
    thawFromBlock(block) {
      const blocks = get().model?.blocks.map(({ name }) => name) ?? [];
      change(new Set(layersOf(get().model, blocks.slice(blocks.indexOf(block)))));
    },
    thawLast(preset) {
      const { model } = get();
      const weighted = (model?.blocks ?? [])
        .filter(({ parameters }) => parameters > 0)
        .map(({ name }) => name);
      const counts = { head: 0, last: 1, quarter: Math.ceil(weighted.length / 4), all: weighted.length };
      const first = weighted.at(-counts[preset]);
      const blocks = model?.blocks.map(({ name }) => name) ?? [];
      const from = counts[preset] === 0 || first === undefined ? blocks.length : blocks.indexOf(first);
      change(new Set(layersOf(model, blocks.slice(preset === 'all' ? 0 : from))));
    },
    undo() {
      const { past, thawed, future } = get();
      const before = past.at(-1);
      if (before) set({ thawed: before, past: past.slice(0, -1), future: [thawed, ...future] });
    },
    redo() {
      const { past, thawed, future } = get();
      const [next, ...rest] = future;
      if (next) set({ thawed: next, past: [...past, thawed], future: rest });
    },
  };
});

/** The layers with weights of some blocks. */
export function layersOf(model: ModelReport | null, blocks: readonly string[]): string[] {
  const wanted = new Set(blocks);
  return (model?.layers ?? [])
    .filter(({ block, parameters }) => wanted.has(block) && parameters > 0)
    .map(({ name }) => name);
}

/** frozen, thawed, partly, or nothing to train. */
export type BlockState = 'frozen' | 'thawed' | 'partly' | 'weightless';

export function blockState(model: ModelReport, block: string, thawed: ReadonlySet<string>): BlockState {
  const layers = layersOf(model, [block]);
  if (layers.length === 0) return 'weightless';
  const count = layers.filter((layer) => thawed.has(layer)).length;
  if (count === 0) return 'frozen';
  return count === layers.length ? 'thawed' : 'partly';
}

/** Keras's count of parameters that train. */
export function trainableParameters(model: ModelReport, thawed: ReadonlySet<string>): number {
  return model.layers.reduce((sum, { name, trainable }) => sum + (thawed.has(name) ? trainable : 0), 0);
}
