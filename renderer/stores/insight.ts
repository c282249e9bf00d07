import { create } from 'zustand';
import type { Evaluation, Prediction } from '../../shared/domain/metrics.ts';
import { useApp } from './app.ts';
import { runJob } from './engine.ts';

/** What is known about a trained model. */
interface InsightState {
  /** The run it is about. */
  readonly run: string | null;
  readonly evaluation: Evaluation | null;
  readonly prediction: Prediction | null;
  /** Measures a run on the images it was validated on. */
  evaluate(run: string): Promise<void>;
  predict(run: string, image: string): Promise<void>;
  /** Called when a run trains on: what was measured is no longer so. */
  forget(): void;
}

export const useInsight = create<InsightState>()((set, get) => ({
  run: null,
  evaluation: null,
  prediction: null,
  async evaluate(run) {
    if (get().run === run) return;
    set({ run, evaluation: null, prediction: null });
    const evaluation = await runJob({ job: 'evaluate', run, dataset: null });
    if (get().run !== run) return;
    if (evaluation.ok) set({ evaluation: evaluation.value });
    else {
      set({ run: null });
      useApp.getState().report(evaluation.error);
    }
  },
  async predict(run, image) {
    const predictions = await runJob({ job: 'predict', run, images: [image] });
    if (predictions.ok) set({ prediction: predictions.value[0] ?? null });
    else useApp.getState().report(predictions.error);
  },
  forget() {
    set({ run: null, evaluation: null, prediction: null });
  },
}));
