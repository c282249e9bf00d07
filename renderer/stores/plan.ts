import { create } from 'zustand';
import type { Preset, Thawed } from '../../shared/domain/plan/edits.ts';
import { isSamePlan, presetPlan, thawable } from '../../shared/domain/plan/edits.ts';
import type { History } from '../../shared/domain/plan/history.ts';
import { change, redo, startHistory, undo } from '../../shared/domain/plan/history.ts';
import type { ModelReport } from '../../shared/ipc/results.ts';
import { useApp } from './app.ts';
import { runJob } from './engine.ts';

/** The backbone, and which of its layers are thawed, with a history to go back and forth in. */
interface PlanState {
  readonly model: ModelReport | null;
  /** What was asked for to get the model: a backbone's name or a path. */
  readonly backbone: string | null;
  /** Whether another backbone is being read. */
  readonly isOpening: boolean;
  readonly thawed: Thawed;
  readonly history: History<Thawed>;
  /** Reads a backbone, by name or path, and shows it with nothing thawed, or as it was left before a reload. */
  open(backbone: string): Promise<void>;
  load(model: ModelReport): void;
  /** Makes a plan the present one, undoable. */
  plan(thawed: Thawed): void;
  thawLast(preset: Preset): void;
  undo(): void;
  redo(): void;
}

export const usePlan = create<PlanState>()((set, get) => {
  const keep = (history: History<Thawed>): void => {
    set({ history, thawed: history.present });
    remember(get());
  };
  return {
    model: null,
    backbone: null,
    isOpening: false,
    thawed: new Set(),
    history: startHistory<Thawed>(new Set()),
    async open(backbone) {
      set({ backbone, isOpening: true });
      const model = await runJob({ job: 'inspect-model', model: backbone });
      if (get().backbone !== backbone) return;
      set({ isOpening: false });
      if (model.ok) get().load(model.value);
      else {
        set({ backbone: get().model?.name ?? null });
        useApp.getState().report(model.error);
      }
    },
    load(model) {
      const history = startHistory<Thawed>(rememberedPlan(model));
      set({ model, backbone: get().backbone ?? model.name, history, thawed: history.present });
      remember(get());
    },
    plan(thawed) {
      keep(change(get().history, thawed, isSamePlan));
    },
    thawLast(preset) {
      const { model, plan } = get();
      if (model !== null) plan(presetPlan(model, preset));
    },
    undo() {
      keep(undo(get().history));
    },
    redo() {
      keep(redo(get().history));
    },
  };
});

/** Keras's count of parameters that train. */
export function trainableParameters(model: ModelReport, thawed: Thawed): number {
  return model.layers.reduce((sum, { name, trainable }) => sum + (thawed.has(name) ? trainable : 0), 0);
}

const key = 'plan';

/** What a reload of the page takes up again. */
interface Remembered {
  readonly backbone: string;
  readonly weightsHash: string;
  readonly thawed: readonly string[];
}

function remember({ model, backbone, thawed }: PlanState): void {
  if (model === null || backbone === null) return;
  const kept: Remembered = { backbone, weightsHash: model.weightsHash, thawed: [...thawed] };
  sessionStorage.setItem(key, JSON.stringify(kept));
}

/** The backbone that was open before a reload. */
export function rememberedBackbone(): string | null {
  return remembered()?.backbone ?? null;
}

/** The plan made for these weights before a reload; nothing thawed for others. */
function rememberedPlan(model: ModelReport): Thawed {
  const kept = remembered();
  if (kept?.weightsHash !== model.weightsHash) return new Set();
  const known = new Set(thawable(model));
  return new Set(kept.thawed.filter((layer) => known.has(layer)));
}

function remembered(): Remembered | null {
  const stored = sessionStorage.getItem(key);
  return stored === null ? null : (JSON.parse(stored) as Remembered);
}
