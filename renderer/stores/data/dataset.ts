import { create } from 'zustand';
import type { ProjectView } from '../../../shared/ipc/project/project.ts';
import type { DatasetSummary } from '../../../shared/ipc/dataset/report.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err } from '../../../shared/result.ts';
import { useApp } from '../app.ts';
import { controlJob, runJob } from '../engine.ts';

/** Findings that come with the report; the rest is asked for by the page. */
const mostFindings = 200;

/** The open project and what is in it, or the scan that opens one. */
interface DatasetState {
  /** What a training would make of the project's images now. */
  readonly dataset: DatasetSummary | null;
  readonly project: ProjectView | null;
  readonly scan: {
    readonly done: number;
    readonly total: number | null;
    readonly jobId: string | null;
  } | null;
  /** Grows whenever the images may be others or stand elsewhere: lists are then asked for anew. */
  readonly revision: number;
  /** A project that was to be opened and whose images are no longer where they were. */
  readonly moved: ProjectView | null;
  /** Opens a project, or a dataset with the project it has or gets. */
  open(location: string): Promise<void>;
  /** Makes a project without a dataset, for images that are added or taken, and opens it. */
  begin(name: string): Promise<void>;
  /** Says where a dataset of the moved project is now, and opens the project once all of them are there. */
  relocate(key: string, location: string): Promise<Result<ProjectView>>;
  /** Leaves the moved project closed. */
  forgetMoved(): void;
  /** Looks at all files again. */
  rescan(): Promise<void>;
  cancelScan(): Promise<void>;
  /** Takes over a project that was changed, and reports on it without looking at its files again. */
  follow(project: ProjectView): Promise<void>;
}

export const useDataset = create<DatasetState>()((set, get) => {
  const scan = async (project: ProjectView): Promise<void> => {
    set({ scan: { done: 0, total: null, jobId: null } });
    const report = await runJob(
      { job: 'inspect-dataset', dataset: project.folder, mostFindings },
      {
        onId(jobId) {
          set({ scan: { done: 0, total: null, jobId } });
        },
        onEvent(body) {
          const { scan: before } = get();
          if (body.type === 'scan' && before !== null)
            set({ scan: { ...before, done: body.done, total: body.total } });
        },
      },
    );
    set({ scan: null });
    if (report.ok) set({ dataset: report.value, project, revision: get().revision + 1 });
    else useApp.getState().report(report.error);
  };
  const openWith = async (opened: Promise<Result<ProjectView>>): Promise<void> => {
    useApp.getState().dismiss();
    set({ scan: { done: 0, total: null, jobId: null } });
    const project = await opened;
    if (project.ok) {
      await scanUnlessMoved(project.value);
      return;
    }
    set({ scan: null });
    useApp.getState().report(project.error);
  };
  const scanUnlessMoved = async (project: ProjectView): Promise<void> => {
    if (!project.datasets.some(({ isMissing }) => isMissing)) {
      set({ moved: null });
      await scan(project);
    } else set({ scan: null, moved: project });
  };
  return {
    dataset: null,
    project: null,
    scan: null,
    moved: null,
    revision: 0,
    async open(location) {
      const home = useApp.getState().hello?.projects ?? null;
      await openWith(runJob({ job: 'open-project', location, home }));
    },
    async begin(name) {
      const { hello } = useApp.getState();
      if (hello === null) return;
      const stamp = new Date().toISOString().replace(/\D+/g, '').slice(0, 14);
      const out = `${hello.projects}/${name.replace(/[^\p{L}\p{N}_-]+/gu, '-')}-${stamp}`;
      await openWith(runJob({ job: 'create-project', datasets: [], out, name }));
    },
    async relocate(key, location) {
      const { moved } = get();
      if (moved === null) return err(thawError('usage', 'No project waits for its images.'));
      const change = { type: 'relocate' as const, key, location };
      const changed = await runJob({ job: 'change-project', project: moved.folder, change });
      if (changed.ok) void scanUnlessMoved(changed.value);
      return changed;
    },
    forgetMoved() {
      set({ moved: null });
    },
    async rescan() {
      const { project } = get();
      if (project !== null)
        await openWith(runJob({ job: 'open-project', location: project.folder, home: null }));
    },
    async cancelScan() {
      const jobId = get().scan?.jobId ?? null;
      if (jobId === null) return;
      const cancelled = await controlJob('cancel', jobId);
      if (!cancelled.ok) useApp.getState().report(cancelled.error);
    },
    async follow(project) {
      set({ project });
      const report = await runJob({
        job: 'inspect-dataset',
        dataset: project.folder,
        isKept: true,
        mostFindings,
      });
      if (get().project?.folder !== project.folder) return;
      if (report.ok) set({ dataset: report.value, revision: get().revision + 1 });
      else useApp.getState().report(report.error);
    },
  };
});
