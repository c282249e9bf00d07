import { create } from 'zustand';
import type { ExportFormat, ExportOptions, ExportResult } from '../../shared/domain/export.ts';
import { useApp } from './app.ts';
import { controlJob, runJob } from './engine.ts';

/** An export that is under way, and the last one that is done. */
interface ExportsState {
  readonly work: {
    readonly jobId: string | null;
    readonly what: string;
    readonly share: number | null;
  } | null;
  readonly result: (ExportResult & { readonly run: string }) | null;
  /** Writes a run's model into a folder and checks it there. */
  write(request: ExportRequest): Promise<void>;
  cancel(): Promise<void>;
}

export interface ExportRequest {
  readonly run: string;
  readonly format: ExportFormat;
  readonly options: ExportOptions;
  readonly out: string;
  readonly force: boolean;
}

export const useExports = create<ExportsState>()((set, get) => ({
  work: null,
  result: null,
  async write(request) {
    useApp.getState().dismiss();
    set({ work: { jobId: null, what: '', share: null }, result: null });
    const result = await runJob(
      { job: 'export', ...request },
      {
        onId(jobId) {
          set({ work: { jobId, what: '', share: null } });
        },
        onEvent(body) {
          const { work } = get();
          if (body.type !== 'progress' || work === null) return;
          const share = body.total === null ? null : body.done / Math.max(1, body.total);
          set({ work: { ...work, what: body.what, share } });
        },
      },
    );
    set({ work: null });
    if (result.ok) set({ result: { ...result.value, run: request.run } });
    else useApp.getState().report(result.error);
  },
  async cancel() {
    const jobId = get().work?.jobId ?? null;
    if (jobId === null) return;
    const cancelled = await controlJob('cancel', jobId);
    if (!cancelled.ok) useApp.getState().report(cancelled.error);
  },
}));
