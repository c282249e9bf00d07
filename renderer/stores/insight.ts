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
  /** What was asked about last, as a data address; null where it cannot be shown. */
  readonly picture: string | null;
  /** Measures a run on the images it was validated on. */
  evaluate(run: string): Promise<void>;
  predict(run: string, image: string): Promise<void>;
  /** Asks about an encoded image in base64 and says whether there was an answer. */
  predictFrame(run: string, image: string): Promise<boolean>;
  /** Called when a run trains on: what was measured is no longer so. */
  forget(): void;
}

export const useInsight = create<InsightState>()((set, get) => ({
  run: null,
  evaluation: null,
  prediction: null,
  picture: null,
  async evaluate(run) {
    if (get().run === run) return;
    set({ run, evaluation: null, prediction: null, picture: null });
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
  async predictFrame(run, image) {
    const prediction = await runJob({ job: 'predict-frame', run, image });
    if (prediction.ok) set({ prediction: prediction.value });
    else useApp.getState().report(prediction.error);
    return prediction.ok;
  },
  forget() {
    set({ run: null, evaluation: null, prediction: null, picture: null });
  },
}));
