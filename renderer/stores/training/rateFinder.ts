import { create } from 'zustand';
import type { LearningRateCurve } from '../../../shared/ipc/training/results.ts';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { useApp } from '../app.ts';
import { controlJob, runJob } from '../engine.ts';

/** A search for a learning rate, and what it found. */
interface RateFinderState {
  readonly jobId: string | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly curve: LearningRateCurve | null;
  find(settings: TrainSettings): Promise<void>;
  /** Ends a search that runs, and forgets what was found. */
  leave(): Promise<void>;
}

export const useRateFinder = create<RateFinderState>()((set, get) => ({
  jobId: null,
  progress: null,
  curve: null,
  async find(settings) {
    set({ progress: { done: 0, total: 1 }, curve: null });
    const found = await runJob(
      { job: 'find-learning-rate', settings },
      {
        onId(jobId) {
          set({ jobId });
        },
        onEvent(body) {
          if (body.type === 'progress' && body.total !== null)
            set({ progress: { done: body.done, total: body.total } });
        },
      },
    );
    set({ jobId: null, progress: null, ...(found.ok && { curve: found.value }) });
    if (!found.ok) useApp.getState().report(found.error);
  },
  async leave() {
    const { jobId } = get();
    if (jobId !== null) await controlJob('cancel', jobId);
    set({ curve: null });
  },
}));
