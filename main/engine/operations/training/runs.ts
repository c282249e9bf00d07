import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EpochMetrics } from '../../../../shared/domain/run.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { RunDetail } from '../../../../shared/ipc/training/results.ts';
import { trainResultSchema } from '../../../../shared/ipc/training/results.ts';
import type { RunList, RunSummary } from '../../../../shared/ipc/training/runs.ts';
import { runSummarySchema } from '../../../../shared/ipc/training/runs.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { writeError } from '../../project/fileErrors.ts';
import { isFolderLocked } from '../../project/folderLock.ts';
import { projectFolderOf, projectPaths } from '../../project/projectFile.ts';
import {
  readLayers,
  readMetrics,
  readResult,
  readRunFile,
  readTitle,
  writeTitle,
} from '../../project/run/runFolder.ts';
import { readLog } from '../../project/run/runLog.ts';
import { bestOf } from '../../training/progress.ts';

/** The runs directly below a folder, or of a project, the newest first. A folder that is not there has none. */
export async function listRuns(folder: string): Promise<Result<RunList>> {
  const project = await projectFolderOf(folder);
  const place = project === null ? path.resolve(folder) : projectPaths(project).runs;
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const runs: RunSummary[] = [];
  const damaged: { run: string; message: string }[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const run = path.join(place, entry.name);
    const read = await readRun(run);
    if (read.ok) runs.push(runSummarySchema.parse(read.value));
    else if (read.error.code !== 'input-missing') damaged.push({ run, message: read.error.message });
  }
  runs.sort((a, b) => b.created.localeCompare(a.created));
  return ok({ folder: place, runs, damaged });
}

/** One run with all its epochs. Errors: input-missing for what is no run, input-corrupt. */
export async function readRun(location: string): Promise<Result<RunDetail>> {
  const run = path.resolve(location);
  const file = await readRunFile(run);
  if (!file.ok) return file;
  const title = await readTitle(run);
  if (!title.ok) return title;
  const result = await readResult(run);
  if (!result.ok) return result;
  const metrics = result.value === null ? await readMetrics(run) : ok([...result.value.epochs]);
  if (!metrics.ok) return metrics;
  const layers = await readLayers(run);
  if (!layers.ok) return layers;
  const log = await readLog(run);
  const { created, settings, dataset, backbone } = file.value;
  return ok({
    run,
    title: title.value,
    created,
    state: result.value !== null ? 'done' : (await isFolderLocked(run)) ? 'training' : 'interrupted',
    dataset: dataset.name,
    classes: dataset.classes,
    backbone: backbone.name,
    settings,
    epochs: metrics.value.length,
    best: bestSoFar(metrics.value),
    seconds: metrics.value.reduce((sum, { seconds }) => sum + seconds, 0),
    history: metrics.value,
    layers: layers.value,
    result: result.value === null ? null : { ...trainResultSchema.parse(result.value), run },
    log,
  });
}

/** Gives a run a title. Errors: those of readRun; output-unwritable. */
export async function renameRun(run: string, title: string): Promise<Result<RunSummary>> {
  const before = await readRun(run);
  if (!before.ok) return before;
  const written = await writeTitle(before.value.run, title);
  if (!written.ok) return written;
  return ok({ ...runSummarySchema.parse(before.value), title });
}

/**
 * Deletes a run for good, whole or not at all as far as anyone sees. Only a folder that is a run is deleted, and none
 * that is being trained. Errors: input-missing, input-corrupt, output-exists, output-unwritable.
 */
export async function deleteRun(location: string): Promise<Result<{ readonly run: string }>> {
  const run = path.resolve(location);
  const file = await readRunFile(run);
  if (!file.ok) return file;
  if (await isFolderLocked(run))
    return err(
      thawError('output-exists', `${run} is being trained.`, { remedy: 'Stop it, then delete it.' }),
    );
  const leaving = path.join(path.dirname(run), `.${path.basename(run)}.deleted`);
  try {
    await rename(run, leaving);
    await rm(leaving, { recursive: true, force: true });
    return ok({ run });
  } catch (cause) {
    return err(writeError(cause, run));
  }
}

function bestSoFar(epochs: readonly EpochMetrics[]): RunSummary['best'] {
  const best = bestOf(epochs);
  return best === null ? null : { epoch: best.epoch, valAccuracy: best.valAccuracy, valLoss: best.valLoss };
}
