import path from 'node:path';
import type { NextPhase, TrainResult } from '../../../../shared/domain/run.ts';
import type { ThawError } from '../../../../shared/errors.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { readCheckpoint, readInitialWeights, settleBest } from '../../project/checkpoint.ts';
import type { RunFile } from '../../project/run/runFolder.ts';
import { openRun } from '../../project/run/openRun.ts';
import { readResult, readRunFile } from '../../project/run/runFolder.ts';
import { executeTraining } from './execute/executeTraining.ts';
import { reportingMemory } from './memory.ts';
import type { Preparation } from './prepare/prepareTraining.ts';
import { prepareTraining } from './prepare/prepareTraining.ts';
import { weightsOfRun } from './prepare/startFrom.ts';
import { writeSplit } from './train.ts';

/**
 * Goes on with a run from its last epoch and ends with the metrics an uninterrupted run has. A run that has ended
 * gives its result again.
 * @param next a phase that takes the place of what was planned and not yet trained.
 * Errors: input-missing, input-corrupt, also when data or backbone have changed since; usage for a next phase that
 * cannot be, or of a run that has ended.
 */
export async function resume(
  location: string,
  jobContext: JobContext,
  next?: NextPhase,
): Promise<Result<TrainResult>> {
  const folder = path.resolve(location);
  const file = await readRunFile(folder);
  if (!file.ok) return file;
  const ended = await readResult(folder);
  if (!ended.ok) return ended;
  if (ended.value !== null && next !== undefined) return err(hasEnded(folder));
  if (ended.value !== null) return ok({ ...ended.value, run: folder });
  const run = await openRun(folder);
  if (!run.ok) return run;
  try {
    const checkpoint = await readCheckpoint(folder);
    if (!checkpoint.ok) return checkpoint;
    const settled = checkpoint.value === null ? ok(undefined) : await settleBest(folder, checkpoint.value);
    if (!settled.ok) return settled;
    const kept = await readInitialWeights(folder);
    if (!kept.ok) return kept;
    const initial = kept.value === null ? await weightsOfRun(file.value.settings.continueFrom) : kept;
    if (!initial.ok) return initial;
    const context = reportingMemory(jobContext);
    const epochs = checkpoint.value?.history.length ?? 0;
    const settings = next === undefined ? file.value.settings : withNext(file.value.settings, epochs, next);
    const prepared = await prepareTraining(settings, context, initial.value);
    if (!prepared.ok) return prepared;
    try {
      const same = checkUnchanged(file.value, prepared.value);
      if (!same.ok) return same;
      await run.value.log(`resumed after ${epochs} epochs`);
      if (next !== undefined) await run.value.replan(settings, prepared.value.backboneHash);
      await writeSplit(run.value, prepared.value);
      return await executeTraining(run.value, prepared.value, checkpoint.value, context);
    } finally {
      await prepared.value.close();
    }
  } finally {
    await run.value.close();
  }
}

/** A phase that was decided on at the same epoch, and has none of its own yet, makes room for this one. */
function withNext(settings: RunFile['settings'], after: number, next: NextPhase): RunFile['settings'] {
  const before = settings.laterPhases.filter((one) => one.after < after);
  return { ...settings, laterPhases: [...before, { ...next, after }] };
}

function hasEnded(run: string): ThawError {
  return thawError('usage', `${run} has ended: its plan cannot be changed any more.`, {
    remedy: 'Start a run that continues it (`thaw train --continue-from`).',
  });
}

/** Going on with other data or weights would give a model that no settings describe. */
function checkUnchanged(file: RunFile, preparation: Preparation): Result<void> {
  const { dataset, validationDataset, network, backboneHash } = preparation;
  const changed =
    dataset.fingerprint !== file.dataset.fingerprint
      ? dataset.location
      : (validationDataset?.fingerprint ?? null) !== (file.validation?.fingerprint ?? null)
        ? (validationDataset?.location ?? 'the validation dataset')
        : ![network.weightsHash, backboneHash].includes(file.backbone.weightsHash)
          ? file.settings.backbone
          : null;
  if (changed === null) return ok(undefined);
  return err(
    thawError('input-corrupt', `${changed} has changed since the run began.`, {
      expected: 'the same images and weights as at its start',
      remedy: 'Put them back as they were, or start a new run.',
    }),
  );
}
