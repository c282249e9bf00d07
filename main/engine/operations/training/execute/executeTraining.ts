import type { TrainResult } from '../../../../../shared/domain/run.ts';
import { ThawFailure } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { createDecoder } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { Weights } from '../../../network/index.ts';
import type { Checkpoint, RecordedEpoch } from '../../../project/checkpoint.ts';
import { readBestWeights, writeInitialWeights } from '../../../project/checkpoint.ts';
import { writeError } from '../../../project/fileErrors.ts';
import type { OpenRun } from '../../../project/run/openRun.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';
import { startFrom } from '../prepare/startFrom.ts';
import { logEnd, loggedContext } from './loggedContext.ts';
import { resultOf, saveModel } from './runResult.ts';
import { isStopped } from './stopping.ts';
import { trainPhase } from './trainPhase.ts';
import type { Spent, Training } from './training.ts';
import { metricsOf, phasesAfter, positionIn } from './training.ts';

/**
 * Trains from a checkpoint, or from the beginning when it is null, to the end: every epoch is on disk before the next
 * one begins. A failure or a cancel leaves the run as its last epoch left it; a stop ends it with the best epoch
 * so far.
 */
export async function executeTraining(
  run: OpenRun,
  preparation: Preparation,
  checkpoint: Checkpoint | null,
  jobContext: JobContext,
): Promise<Result<TrainResult>> {
  const decoder = createDecoder({ held: preparation.held });
  try {
    const spent: Spent = { features: 0, provider: '' };
    const context = loggedContext(jobContext, run);
    const result = await execute({ run, preparation, decoder, context, spent }, checkpoint);
    if (!result.ok) await logEnd(run, result.error);
    return result;
  } catch (cause) {
    if (cause instanceof ThawFailure) {
      await logEnd(run, cause.thaw);
      return err(cause.thaw);
    }
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause)
      return err(writeError(cause, run.folder));
    throw cause;
  } finally {
    await decoder.close();
  }
}

async function execute(prepared: Training, checkpoint: Checkpoint | null): Promise<Result<TrainResult>> {
  const { run, context } = prepared;
  let training = prepared;
  let history: readonly RecordedEpoch[] = checkpoint?.history ?? [];
  let pending = checkpoint;

  await run.rewriteMetrics(metricsOf(history));
  for (
    let position = positionIn(prepared.preparation, history);
    position !== null && !isStopped(context, history.length);
    position = positionIn(prepared.preparation, history)
  ) {
    const goesOn = pending !== null && position.epochsDone > 0 ? pending : null;
    pending = null;
    const weights = await weightsAt(training, goesOn, history);
    if (!weights.ok) return weights;
    if (position.epochsDone === 0 && isDecided(prepared.preparation, position.phase, history)) {
      const rebased = await rebase(training, weights.value);
      if (!rebased.ok) return rebased;
      training = rebased.value;
    }
    const start = { phaseIndex: position.phase, weights: weights.value, history, goesOn };
    const trained = await trainPhase(training, start);
    if (!trained.ok) return trained;
    history = trained.value;
  }

  if (isStopped(context, history.length)) await run.log(`stopped on request after ${history.length} epochs`);
  const weights = await weightsAt(training, null, history);
  if (!weights.ok) return weights;
  const result = resultOf(training, phasesAfter(prepared.preparation, history), metricsOf(history));
  await saveModel(run, training.preparation, weights.value, result);
  await run.writeResult(result);
  const { epoch, valAccuracy } = result.best;
  await run.log(`done: best epoch ${epoch}, validation accuracy ${(100 * valAccuracy).toFixed(1)} %`);
  return ok(result);
}

/** Whether a phase was decided on in the middle of the run. */
function isDecided(preparation: Preparation, index: number, history: readonly RecordedEpoch[]): boolean {
  const phase = phasesAfter(preparation, history)[index];
  return preparation.decided.some((one) => one.phase === phase);
}

/**
 * Makes the weights so far those that the run starts from: a phase that was decided on may freeze again what was
 * trained before it, which then belongs to the frozen part, its features and every checkpoint.
 */
async function rebase(training: Training, weights: Weights): Promise<Result<Training>> {
  const { run, preparation } = training;
  const { network } = preparation;
  const based = startFrom(network, weights);
  if (!based.ok) return based;
  const started: Weights = new Map([...(network.started ?? []), ...(based.value.started ?? [])]);
  await writeInitialWeights(run.folder, started);
  return ok({ ...training, preparation: { ...preparation, network: { ...based.value, started } } });
}

/** The weights a phase begins with: the checkpoint's in its middle, else the best so far, else those it all began with. */
async function weightsAt(
  { run, preparation: { network } }: Training,
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
