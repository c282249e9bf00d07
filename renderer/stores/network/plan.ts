import { z } from 'zod';
import { create } from 'zustand';
import type { Preset, Thawed } from '../../../shared/domain/plan/edits.ts';
import { isSamePlan, presetPlan, thawable } from '../../../shared/domain/plan/edits.ts';
import type { Factors, Plan } from '../../../shared/domain/plan/factors.ts';
import {
  discriminativeRates,
  emptyPlan,
  isSameFactors,
  noFactors,
  withFactor,
} from '../../../shared/domain/plan/factors.ts';
import type { History } from '../../../shared/domain/plan/history.ts';
import { change, redo, startHistory, undo } from '../../../shared/domain/plan/history.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import { useApp } from '../app.ts';
import { runJob } from '../engine.ts';
import { kept } from '../kept.ts';

/** The backbone, and its freeze plan, with a history to go back and forth in. */
interface PlanState extends Plan {
  readonly model: ModelReport | null;
  /** What was asked for to get the model: a backbone's name or a path. */
  readonly backbone: string | null;
  /** Whether another backbone is being read. */
  readonly isOpening: boolean;
  readonly history: History<Plan>;
  /** Reads a backbone, by name or path, and shows it with nothing thawed, or as it was left last. */
  open(backbone: string): Promise<void>;
  load(model: ModelReport): void;
  /** Makes a plan the present one, undoable; what is not told stays. */
  plan(thawed: Thawed, factors?: Partial<Pick<Plan, 'rates' | 'l2sp'>>): void;
  thawLast(preset: Preset): void;
  /** Gives layers a factor of the learning rate, or a strength of L2-SP; null: the general one. Undoable. */
  tune(what: 'rates' | 'l2sp', layers: readonly string[], value: number | null): void;
  /** Gives the thawed blocks discriminative learning rates, or takes all factors back. Undoable. */
  discriminate(isWanted: boolean): void;
  undo(): void;
  redo(): void;
}

export const usePlan = create<PlanState>()((set, get) => {
  const keep = (history: History<Plan>): void => {
    set({ history, ...history.present });
    remember(get());
  };
  const put = (part: Partial<Plan>): void => {
    const { history } = get();
    keep(change(history, { ...history.present, ...part }, isSame));
  };
  return {
    model: null,
    backbone: null,
    isOpening: false,
    ...emptyPlan,
    history: startHistory(emptyPlan),
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
      const history = startHistory(rememberedPlan(model));
      set({ model, backbone: get().backbone ?? model.name, history, ...history.present });
      remember(get());
    },
    plan(thawed, factors = {}) {
      put({ thawed, ...factors });
    },
    thawLast(preset) {
      const { model } = get();
      if (model !== null) put({ thawed: presetPlan(model, preset) });
    },
    tune(what, layers, value) {
      put({ [what]: withFactor(get()[what], layers, value) });
    },
    discriminate(isWanted) {
      const { model, thawed } = get();
      if (model !== null) put({ rates: isWanted ? discriminativeRates(model, thawed) : noFactors });
    },
    undo() {
      keep(undo(get().history));
    },
    redo() {
      keep(redo(get().history));
    },
  };
});

function isSame(one: Plan, other: Plan): boolean {
  return (
    isSamePlan(one.thawed, other.thawed) &&
    isSameFactors(one.rates, other.rates) &&
    isSameFactors(one.l2sp, other.l2sp)
  );
}

/** Keras's count of parameters that train. */
export function trainableParameters(model: ModelReport, thawed: Thawed): number {
  return model.layers.reduce((sum, { name, trainable }) => sum + (thawed.has(name) ? trainable : 0), 0);
}

const factorsSchema = z.array(z.tuple([z.string(), z.number()])).default([]);

/** Kept for the next visit, as far as no project keeps a plan of its own. */
const stored = kept(
  'local',
  'plan',
  z.object({
    backbone: z.string(),
    weightsHash: z.string(),
    thawed: z.array(z.string()),
    rates: factorsSchema,
    l2sp: factorsSchema,
  }),
);

function remember({ model, backbone, thawed, rates, l2sp }: PlanState): void {
  if (model === null || backbone === null) return;
  const { weightsHash } = model;
  stored.write({ backbone, weightsHash, thawed: [...thawed], rates: [...rates], l2sp: [...l2sp] });
}

/** The backbone that was open last. */
export function rememberedBackbone(): string | null {
  return stored.read()?.backbone ?? null;
}

/** The plan last made for these weights; nothing thawed for others. */
function rememberedPlan(model: ModelReport): Plan {
  const plan = stored.read();
  if (plan?.weightsHash !== model.weightsHash) return emptyPlan;
  const known = new Set(thawable(model));
  const factors = (entries: readonly (readonly [string, number])[]): Factors =>
    new Map(entries.filter(([layer]) => known.has(layer)));
  return {
    thawed: new Set(plan.thawed.filter((layer) => known.has(layer))),
    rates: factors(plan.rates),
    l2sp: factors(plan.l2sp),
  };
}
