import { create } from 'zustand';
import { planFrom } from '../../shared/domain/plan/settings.ts';
import type { RunDetail } from '../../shared/ipc/results.ts';
import type { RunList, RunSummary } from '../../shared/ipc/runs.ts';
import { useApp } from './app.ts';
import { useDataset } from './dataset.ts';
import { runJob } from './engine.ts';
import { usePlan } from './plan.ts';
import { isBusy, useTraining } from './training.ts';

/** Runs compared side by side at most: more lines are not told apart. */
export const mostCompared = 6;

/** The runs there are. */
interface RunsState {
  readonly runs: readonly RunSummary[];
  readonly damaged: RunList['damaged'];
  /** Folders of the runs to compare, in the order they were chosen. */
  readonly chosen: readonly string[];
  /** Those of them that have been read, in the same order. */
  readonly compared: readonly RunDetail[];
  load(): Promise<void>;
  rename(run: string, title: string): Promise<void>;
  remove(run: string): Promise<void>;
  /** Shows a run as the present one, with its dataset. */
  open(run: string): Promise<void>;
  /** Takes over a run's settings and plan, for a new one with changes. */
  duplicate(run: RunSummary): void;
  /** Takes a run into the comparison, or out of it. */
  compare(run: string): Promise<void>;
  compareNone(): void;
}

export const useRuns = create<RunsState>()((set, get) => {
  const report = useApp.getState().report;
  return {
    runs: [],
    damaged: [],
    chosen: [],
    compared: [],
    async load() {
      const { hello } = useApp.getState();
      if (hello === null) return;
      const list = await runJob({ job: 'list-runs', folder: hello.runs });
      if (list.ok) set({ runs: list.value.runs, damaged: list.value.damaged });
      else report(list.error);
    },
    async rename(run, title) {
      const renamed = await runJob({ job: 'rename-run', run, title });
      if (!renamed.ok) {
        report(renamed.error);
        return;
      }
      const put = <T extends RunSummary>(one: T): T =>
        one.run === run ? { ...one, title: renamed.value.title } : one;
      set({ runs: get().runs.map(put), compared: get().compared.map(put) });
    },
    async remove(run) {
      const deleted = await runJob({ job: 'delete-run', run });
      if (!deleted.ok) report(deleted.error);
      else if (get().chosen.includes(run)) await get().compare(run);
      await get().load();
    },
    async open(run) {
      const detail = await runJob({ job: 'read-run', run });
      if (!detail.ok) {
        report(detail.error);
        return;
      }
      const { dataset } = detail.value.settings;
      if (useDataset.getState().dataset?.location !== dataset) await useDataset.getState().open(dataset);
      if (!isBusy(useTraining.getState().training.state)) await useTraining.getState().show(detail.value);
    },
    duplicate({ settings }) {
      const { model } = usePlan.getState();
      useTraining.getState().choose({
        ...settings,
        epochs: settings.epochs > 0 ? settings.epochs : useTraining.getState().choice.epochs,
        fineTuneEpochs:
          settings.fineTuneEpochs > 0
            ? settings.fineTuneEpochs
            : useTraining.getState().choice.fineTuneEpochs,
      });
      if (model === null) return;
      const { thawed, rates, l2sp } = planFrom(model, settings);
      usePlan.getState().plan(thawed, { rates, l2sp });
    },
    async compare(run) {
      const { chosen, compared } = get();
      const isIn = chosen.includes(run);
      const next = isIn ? chosen.filter((one) => one !== run) : [...chosen, run].slice(-mostCompared);
      set({ chosen: next, compared: inOrder(compared, next) });
      if (isIn) return;
      const detail = await runJob({ job: 'read-run', run });
      if (detail.ok) set({ compared: inOrder([...get().compared, detail.value], get().chosen) });
      else report(detail.error);
    },
    compareNone() {
      set({ chosen: [], compared: [] });
    },
  };
});

function inOrder(details: readonly RunDetail[], chosen: readonly string[]): RunDetail[] {
  return chosen.flatMap((run) => details.find((one) => one.run === run) ?? []);
}
