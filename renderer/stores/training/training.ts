import { create } from 'zustand';
import type { NextPhase } from '../../../shared/domain/run.ts';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import type { RunDetail } from '../../../shared/ipc/training/results.ts';
import { messages } from '../../messages/index.ts';
import { host } from '../../bridge/index.ts';
import { say } from '../../ui/toasts.ts';
import { percentText } from '../../format.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { controlJob, holdJob, runJob } from '../engine.ts';
import { usePlan } from '../network/plan.ts';
import { useInsight } from '../insight.ts';
import { useRuntime } from '../frame/runtime.ts';
import { FrameQueue } from './frameQueue.ts';
import { earlierEpochs, trainingOf } from './onDisk.ts';
import type { TrainingChoice } from './settings.ts';
import { continuedSettings, defaultChoice, newRunFolder, newSettings } from './settings.ts';
import type { TimedEvent, Training } from './state.ts';
import { afterEvent, idle, isBusy } from './state.ts';

interface TrainingState {
  readonly choice: TrainingChoice;
  readonly training: Training;
  choose(choice: Partial<TrainingChoice>): void;
  /** Trains a new head, then what is thawed. */
  train(): Promise<void>;
  /** Starts a run from the best weights of the one that has ended, with the plan as it is now. */
  trainOn(): Promise<void>;
  resume(): Promise<void>;
  /** Shows a run that lies on disk as the present one. */
  show(detail: RunDetail): Promise<void>;
  /** Goes on in the same run with another plan, from its best epoch so far. */
  goOnWith(next: NextPhase): Promise<void>;
  /** Pauses before the next phase, or does not after all. */
  hold(isOn: boolean): Promise<void>;
  control(type: 'pause' | 'unpause' | 'cancel' | 'stop'): Promise<void>;
}

export const useTraining = create<TrainingState>()((set, get) => ({
  choice: defaultChoice,
  training: idle,
  choose(choice) {
    set({ choice: { ...get().choice, ...choice } });
  },
  async train() {
    const settings = newSettings(get().choice);
    if (settings === null) return;
    const run = newRunFolder();
    set({ training: { ...idle, state: 'preparing', run, settings } });
    await followTraining({ job: 'train', settings, out: run });
  },
  async trainOn() {
    const { training, choice } = get();
    const fresh = newSettings(choice);
    if (fresh === null || training.run === null || training.result === null) return;
    const settings = continuedSettings(fresh, training);
    const run = newRunFolder();
    const before = [...training.before, ...training.epochs];
    set({ training: { ...idle, state: 'preparing', run, settings, before } });
    await followTraining({ job: 'train', settings, out: run });
  },
  async resume() {
    const { training } = get();
    if (training.run === null) return;
    const { run, settings, before, epochs, log } = training;
    set({ training: { ...idle, state: 'preparing', run, settings, before, epochs, log } });
    await followTraining({ job: 'resume', run });
  },
  async goOnWith(next) {
    if (isBusy(get().training.state)) {
      await get().control('cancel');
      await untilEnded();
    }
    const { training } = get();
    const { run, settings, before, epochs, log } = training;
    if (run === null || settings === null) return;
    const decided = settings.laterPhases.filter(({ after }) => after < epochs.length);
    const changed = { ...settings, laterPhases: [...decided, { ...next, after: epochs.length }] };
    set({ training: { ...idle, state: 'preparing', run, settings: changed, before, epochs, log } });
    await followTraining({ job: 'resume', run, next });
    // A plan that was refused is none.
    if (get().training.state !== 'stopped' && get().training.state !== 'failed') return;
    const detail = await runJob({ job: 'read-run', run });
    if (detail.ok && get().training.run === run)
      set({ training: { ...get().training, settings: detail.value.settings } });
  },
  async hold(isOn) {
    const { training } = get();
    if (training.jobId === null) return;
    set({ training: { ...training, holds: isOn } });
    const done = await holdJob(training.jobId, isOn);
    if (!done.ok) useApp.getState().report(done.error);
  },
  async show(detail) {
    const before = await earlierEpochs(detail.settings.continueFrom);
    set({ training: trainingOf(detail, before) });
  },
  async control(type) {
    const { training } = get();
    if (training.jobId === null) return;
    if (type === 'stop') set({ training: { ...training, isStopping: true } });
    const done = await controlJob(type, training.jobId);
    if (!done.ok) useApp.getState().report(done.error);
  },
}));

useDataset.subscribe(({ dataset }, before) => {
  const isOther = before.dataset !== null && before.dataset.location !== dataset?.location;
  // A training goes on whatever else is looked at.
  if (isOther && !isBusy(useTraining.getState().training.state)) useTraining.setState({ training: idle });
});

usePlan.subscribe(({ backbone }, before) => {
  // What a duplicated run changed on its way names layers of the backbone before.
  if (backbone !== before.backbone && useTraining.getState().choice.laterPhases.length > 0)
    useTraining.getState().choose({ laterPhases: [] });
});

/** Resolves when no training is under way. */
function untilEnded(): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ training }: TrainingState): boolean => {
      if (isBusy(training.state)) return false;
      resolve();
      return true;
    };
    if (look(useTraining.getState())) return;
    const stop = useTraining.subscribe((state) => {
      if (look(state)) stop();
    });
  });
}

const events = new FrameQueue<TimedEvent>((arrived) => {
  useTraining.setState(({ training }) => ({ training: arrived.reduce(afterEvent, training) }));
});

/** Takes in what the training tells. */
export function trainingEvent(body: JobEvent['body'], time: string): void {
  events.push({ body, time });
  // A training may have set up what was missing before.
  if (body.type === 'phase' && useRuntime.getState().report?.healthy === false)
    void useRuntime.getState().look();
  if (body.type === 'done' || body.type === 'failed') events.flush();
}

/** Starts a training job and shows what it tells until it ends. */
async function followTraining(job: Extract<Job, { job: 'train' | 'resume' }>): Promise<void> {
  const { dismiss, report } = useApp.getState();
  dismiss();
  useInsight.getState().forget();
  let isStarted = false;
  const listener = {
    onId(jobId: string) {
      isStarted = true;
      useTraining.setState(({ training }) => ({ training: { ...training, jobId } }));
    },
    onEvent: trainingEvent,
  };
  const ended = job.job === 'train' ? await runJob(job, listener) : await runJob(job, listener);
  if (ended.ok) {
    tellEnd(ended.value.best.valAccuracy);
    return;
  }
  report(ended.error);
  if (isStarted) return;
  useTraining.setState(({ training }) => ({
    training: job.job === 'train' ? idle : { ...training, state: 'stopped' },
  }));
}

/** Someone may be looking elsewhere: at another station, or out of the window. */
function tellEnd(accuracy: number): void {
  const text = messages.training;
  const best = text.ended(percentText(accuracy));
  // The window tells of a long training's end by itself.
  if (document.hidden && host().shell === 'browser') host().notify(text.state.done, best);
  if (useApp.getState().station !== 'training') say(text.state.done, best);
}
