import { create } from 'zustand';
import type { DatasetSummary } from '../../shared/ipc/results.ts';
import { useApp } from './app.ts';
import { runJob } from './engine.ts';

/** The open dataset, or the scan that opens one. */
interface DatasetState {
  readonly dataset: DatasetSummary | null;
  readonly scan: { readonly done: number; readonly total: number | null } | null;
  open(location: string): Promise<void>;
}

export const useDataset = create<DatasetState>()((set) => ({
  dataset: null,
  scan: null,
  async open(location) {
    useApp.getState().dismiss();
    set({ scan: { done: 0, total: null } });
    const report = await runJob(
      { job: 'inspect-dataset', dataset: location },
      {
        onEvent(body) {
          if (body.type === 'scan') set({ scan: { done: body.done, total: body.total } });
        },
      },
    );
    set({ scan: null });
    if (report.ok) set({ dataset: report.value });
    else useApp.getState().report(report.error);
  },
}));
