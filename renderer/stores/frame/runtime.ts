import { create } from 'zustand';
import type { DoctorReport } from '../../../shared/ipc/doctorReport.ts';
import { useApp } from '../app.ts';
import { runJob } from '../engine.ts';

/** What the engine runs on. */
interface RuntimeState {
  readonly report: DoctorReport | null;
  /** What is being set up; null when nothing is. */
  readonly work: { readonly what: string; readonly done: number; readonly total: number | null } | null;
  /** Looks at the engine; nothing is fetched. */
  look(): Promise<void>;
  /** Fetches and builds what is missing. */
  setUp(): Promise<void>;
}

export const useRuntime = create<RuntimeState>()((set) => {
  const diagnose = async (provision: boolean): Promise<void> => {
    const report = await runJob(
      { job: 'doctor', provision },
      {
        onEvent(body) {
          if (provision && body.type === 'progress') set({ work: body });
        },
      },
    );
    set({ work: null });
    if (report.ok) set({ report: report.value });
    else useApp.getState().report(report.error);
  };
  return {
    report: null,
    work: null,
    look: () => diagnose(false),
    async setUp() {
      set({ work: { what: '', done: 0, total: null } });
      await diagnose(true);
    },
  };
});
