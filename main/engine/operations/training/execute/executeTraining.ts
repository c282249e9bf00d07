import type { TrainResult } from '../../../../../shared/domain/run.ts';
import { ThawFailure } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { createDecoder } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { Weights } from '../../../network/index.ts';
import type { Checkpoint, RecordedEpoch } from '../../../project/checkpoint.ts';
import { readBestWeights } from '../../../project/checkpoint.ts';
import { writeError } from '../../../project/fileErrors.ts';
import type { OpenRun } from '../../../project/runFolder.ts';
import { positionAfter } from '../../../training/progress.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';
import { resultOf, saveModel } from './runResult.ts';
import { isStopped } from './stopping.ts';
import { trainPhase } from './trainPhase.ts';
import type { Spent, Training } from './training.ts';
import { metricsOf } from './training.ts';

/**
 * Trains from a checkpoint, or from the beginning when it is null, to the end: every epoch is on disk before the next
 * one begins. A failure or a cancel leaves the run as its last epoch left it; a stop ends it with the best epoch
 * so far.
 */
export async function executeTraining(
  run: OpenRun,
  preparation: Preparation,
  checkpoint: Checkpoint | null,
  context: JobContext,
): Promise<Result<TrainResult>> {
  const decoder = createDecoder({ held: preparation.held ?? undefined });
  try {
    const spent: Spent = { features: 0, provider: '' };
    return await execute({ run, preparation, decoder, context, spent }, checkpoint);
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause)
      return err(writeError(cause, run.folder));
    throw cause;
  } finally {
    await decoder.close();
  }
}

async function execute(training: Training, checkpoint: Checkpoint | null): Promise<Result<TrainResult>> {
  const { run, preparation, context } = training;
  const { phases, settings } = preparation;
  let history: readonly RecordedEpoch[] = checkpoint?.history ?? [];
  let pending = checkpoint;
  const planned = phases.map(({ epochs }) => epochs);
  const positionOf = (): ReturnType<typeof positionAfter> =>
    positionAfter(
      metricsOf(history),
      history.map((one) => one.phaseIndex),
      planned,
      settings.earlyStop,
    );

  await run.rewriteMetrics(metricsOf(history));
  for (
    let position = positionOf();
    position !== null && !isStopped(context, history.length);
    position = positionOf()
  ) {
    const goesOn = pending !== null && position.epochsDone > 0 ? pending : null;
    pending = null;
    const weights = await weightsAt(run, preparation, goesOn, history);
    if (!weights.ok) return weights;
    const start = { phaseIndex: position.phase, weights: weights.value, history, goesOn };
    const trained = await trainPhase(training, start);
    if (!trained.ok) return trained;
    history = trained.value;
  }

  if (isStopped(context, history.length)) await run.log(`stopped on request after ${history.length} epochs`);
  const weights = await weightsAt(run, preparation, null, history);
  if (!weights.ok) return weights;
  const result = resultOf(training, metricsOf(history));
  await saveModel(run, preparation, weights.value, result);
  await run.writeResult(result);
  await run.log(`done: best epoch ${result.best.epoch}, validation accuracy ${result.best.valAccuracy}`);
  return ok(result);
}

/** The weights a phase begins with: the checkpoint's in its middle, else the best so far, else those it all began with. */
async function weightsAt(
  run: OpenRun,
  { network }: Preparation,
  checkpoint: Checkpoint | null,
  history: readonly RecordedEpoch[],
): Promise<Result<Weights>> {
  const weights: Weights = new Map(network.weights);
  if (checkpoint === null && history.length === 0) return ok(weights);
  const later = checkpoint === null ? await readBestWeights(run.folder) : ok(checkpoint.weights);
  if (!later.ok) return later;
  for (const [key, weight] of later.value) weights.set(key, weight);
  return ok(weights);
}
