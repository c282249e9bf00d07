import { powerSaveBlocker } from 'electron';
import type { EngineClient } from '../../engine-process/client.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import { trainResultSchema } from '../../../shared/ipc/training/results.ts';
import { notify } from '../notifications.ts';
import type { Studio } from '../openStudio.ts';
import { percentText, texts } from '../texts.ts';
import type { RunningTraining } from './trainings.ts';
import { isTraining, progressed, startedTraining, taskbarProgress } from './trainings.ts';

/** A training of which one would have looked elsewhere meanwhile. */
const longSeconds = 30;

/** More than a full bar: Electron's way of showing that something runs. */
const indeterminate = 2;

/** While a training runs: the taskbar shows it, the machine stays awake; at its end someone elsewhere is told. */
export function setupTrainingWatch({ engine, window }: Pick<Studio, 'engine' | 'window'>): void {
  const trainings = new Map<string, RunningTraining>();
  const stayAwake = wakefulness();

  engine.subscribe((notice) => {
    if (notice.type !== 'event') return;
    const { jobId, body } = notice.event;
    const training = trainings.get(jobId) ?? begun(engine, jobId);
    if (training === null) return;
    if (body.type === 'done' || body.type === 'failed') {
      trainings.delete(jobId);
      const text = (Date.now() - training.since) / 1000 >= longSeconds ? endText(body) : null;
      if (text !== null) notify(window, text.title, text.body);
    } else trainings.set(jobId, progressed(training, body));
    stayAwake(trainings.size > 0);
    const progress = taskbarProgress([...trainings.values()]);
    window.current?.setProgressBar(progress === null ? -1 : progress === 'busy' ? indeterminate : progress);
  });
}

/** A job that has just begun, if it is a training. */
function begun(engine: EngineClient, jobId: string): RunningTraining | null {
  const job = engine.runningJobs().find(({ id }) => id === jobId)?.job;
  return job !== undefined && isTraining(job) ? startedTraining(job, Date.now()) : null;
}

/** Keeps the system from sleeping while it is told to. */
function wakefulness(): (isAwake: boolean) => void {
  let blocker: number | null = null;
  return (isAwake) => {
    if (isAwake) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
}

/** What a notification says of a training's end; nothing of one the user stopped. */
function endText(
  body: Extract<JobEvent['body'], { type: 'done' | 'failed' }>,
): { title: string; body: string } | null {
  if (body.type === 'failed')
    return body.error.code === 'cancelled' ? null : { title: texts.ended.failed, body: body.error.message };
  const best = trainResultSchema.safeParse(body.result).data?.best;
  const text = best === undefined ? '' : texts.ended.best(best.epoch, percentText(best.valAccuracy));
  return { title: texts.ended.done, body: text };
}
