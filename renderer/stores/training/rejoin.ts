import type { Hello } from '../../../shared/ipc/studio/studio.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { joinJob, runJob } from '../engine.ts';
import { earlierEpochs } from './onDisk.ts';
import { trainingEvent, useTraining } from './training.ts';
import { idle } from './state.ts';

/**
 * Takes up a training that was under way when the page came: its dataset is opened, and it is heard from its first
 * event on.
 */
export async function rejoinTraining({ jobId, run }: NonNullable<Hello['training']>): Promise<void> {
  useTraining.setState({ training: { ...idle, state: 'preparing', run, jobId } });
  void recall(run);
  const ended = await joinJob('train', jobId, { onEvent: trainingEvent });
  if (ended.ok) return;
  useApp.getState().report(ended.error);
  const { training, show } = useTraining.getState();
  if (training.run !== run || training.state !== 'preparing') return;
  // The engine ended between its greeting and the question: what the run has on disk is what there is.
  const detail = await runJob({ job: 'read-run', run });
  if (detail.ok) await show(detail.value);
  else useTraining.setState({ training: idle });
}

/** Events do not tell what a run trains with and on; its own file does. */
async function recall(run: string): Promise<void> {
  const detail = await runJob({ job: 'read-run', run });
  if (!detail.ok) return;
  const { settings } = detail.value;
  void useDataset.getState().open(settings.dataset);
  const before = await earlierEpochs(settings.continueFrom);
  useTraining.setState(({ training }) =>
    training.run === run ? { training: { ...training, settings, before } } : {},
  );
}
