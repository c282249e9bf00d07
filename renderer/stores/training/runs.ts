import { create } from 'zustand';
import { planFrom } from '../../../shared/domain/plan/settings.ts';
import type { ProjectView } from '../../../shared/ipc/project/project.ts';
import type { RunDetail } from '../../../shared/ipc/training/results.ts';
import type { RunList, RunSummary } from '../../../shared/ipc/training/runs.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { runJob } from '../engine.ts';
import { usePlan } from '../network/plan.ts';
import { isBusy } from './state.ts';
import { useTraining } from './training.ts';

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
  /** Folder of the run to show when the project is open. */
  readonly wanted: string | null;
  /** Lists the open project's runs and what older ones its images made; without a project those that have none. */
  load(): Promise<void>;
  /** Shows a run of the open project unless one is shown already: the wanted one, or else the latest. */
  take(): Promise<void>;
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
    wanted: null,
    async load() {
      const { hello } = useApp.getState();
      if (hello === null) return;
      const { project } = useDataset.getState();
      const [own, common] = await Promise.all([
        project === null ? null : runJob({ job: 'list-runs', folder: project.runs }),
        runJob({ job: 'list-runs', folder: hello.runs }),
      ]);
      if (useDataset.getState().project?.folder !== project?.folder) return;
      for (const list of [own, common]) if (list?.ok === false) report(list.error);
      const others = common.ok ? common.value : nothing;
      const mine = own?.ok === true ? own.value : nothing;
      const related = others.runs.filter(
        ({ settings }) => project === null || isOfProject(project, settings.dataset),
      );
      const runs = [...mine.runs, ...related].sort((a, b) => b.created.localeCompare(a.created));
      set({ runs, damaged: project === null ? others.damaged : mine.damaged });
    },
    async take() {
      const isFree = (): boolean => useTraining.getState().training.run === null;
      if (!isFree()) return;
      await get().load();
      const { runs, wanted } = get();
      set({ wanted: null });
      // One that somebody else trains cannot be resumed here, and has no end to show yet.
      const run = runs.find((one) => one.run === wanted) ?? runs.find(({ state }) => state !== 'training');
      if (run === undefined) return;
      const detail = await runJob({ job: 'read-run', run: run.run });
      if (detail.ok && isFree()) await useTraining.getState().show(detail.value);
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
      const { project } = useDataset.getState();
      if (project === null || !isOfProject(project, dataset)) await useDataset.getState().open(dataset);
      if (!isBusy(useTraining.getState().training.state)) await useTraining.getState().show(detail.value);
    },
    duplicate({ settings }) {
      const { model, backbone } = usePlan.getState();
      useTraining.getState().choose({
        ...settings,
        // They name layers of its backbone.
        laterPhases: backbone === settings.backbone ? settings.laterPhases : [],
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

const nothing: Pick<RunList, 'runs' | 'damaged'> = { runs: [], damaged: [] };

/** Whether a run's dataset is the project, or one that the project refers to. */
function isOfProject({ folder, datasets }: ProjectView, dataset: string): boolean {
  return dataset === folder || datasets.some(({ location }) => location === dataset);
}

/** Shows what a project has been trained to when it is opened. Call it once. */
export function followProjects(): void {
  useDataset.subscribe(({ project }, before) => {
    if (project !== null && project.folder !== before.project?.folder) void useRuns.getState().take();
  });
}

function inOrder(details: readonly RunDetail[], chosen: readonly string[]): RunDetail[] {
  return chosen.flatMap((run) => details.find((one) => one.run === run) ?? []);
}
