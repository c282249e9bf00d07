import { appendFile, mkdir, readdir, stat } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import type { LayerChange } from '../../../../shared/domain/layerChanges.ts';
import type { EpochMetrics, TrainResult } from '../../../../shared/domain/run.ts';
import type { RunLogLine } from '../../../../shared/ipc/training/runs.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { plainNumber } from '../checkpoint.ts';
import { writeError } from '../fileErrors.ts';
import { lockFolder } from '../folderLock.ts';
import type { RunFile, SplitFile } from './runFolder.ts';
import { readRunFile, runPaths, writeJson } from './runFolder.ts';
import { logLine } from './runLog.ts';

/** Checks that a run can be made there: nothing there yet, or an empty folder. Nothing is written. */
export async function checkRunPlace(run: string): Promise<Result<void>> {
  const taken = (found: string): Result<never> =>
    err(
      thawError('output-exists', `${run} is already there.`, {
        expected: 'a new or empty folder for the run',
        found,
        remedy: 'Choose another --out; a run that was interrupted goes on with `thaw resume`.',
      }),
    );
  try {
    const found = await stat(run);
    if (!found.isDirectory()) return taken('a file');
    const names = await readdir(run);
    if (names.length === 0) return ok(undefined);
    return taken(names.includes('run.json') ? 'a run' : `a folder with ${names.length} entries`);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ok(undefined);
    return err(writeError(cause, run));
  }
}

/** A run's folder, open for writing by this process alone. */
export interface OpenRun {
  readonly folder: string;
  writeSplit(split: SplitFile): Promise<void>;
  /** Makes `metrics.jsonl` hold exactly these epochs. */
  rewriteMetrics(history: readonly EpochMetrics[]): Promise<void>;
  appendMetrics(epoch: EpochMetrics): Promise<void>;
  /** How far each layer went in the last epoch. */
  writeLayers(layers: readonly LayerChange[]): Promise<void>;
  /** Adds a line to `run.log`, after those before it. */
  log(message: string, level?: RunLogLine['level']): Promise<void>;
  /** Changes the plan in run.json, and takes the backbone's own weights for those it is about. */
  replan(settings: RunFile['settings'], weightsHash: string): Promise<void>;
  writeResult(result: TrainResult): Promise<void>;
  close(): Promise<void>;
}

/** Makes the folder and its run.json. Errors: output-exists, output-unwritable, disk-full. */
export async function createRun(run: string, file: RunFile): Promise<Result<OpenRun>> {
  const free = await checkRunPlace(run);
  if (!free.ok) return free;
  try {
    await mkdir(run, { recursive: true });
    const opened = await openRun(run);
    if (opened.ok) await writeJson(runPaths(run).settings, file);
    return opened;
  } catch (cause) {
    return err(writeError(cause, run));
  }
}

/** Opens a run for going on. Errors: output-exists when another process is training it; output-unwritable. */
export async function openRun(run: string): Promise<Result<OpenRun>> {
  const paths = runPaths(run);
  let release: (() => Promise<void>) | null;
  try {
    release = await lockFolder(run);
  } catch (cause) {
    return err(writeError(cause, run));
  }
  if (release === null)
    return err(
      thawError('output-exists', `${run} is being trained by another process.`, {
        remedy: 'Wait until it has ended, or stop it.',
      }),
    );
  let lastLine: Promise<void> = Promise.resolve();
  return ok({
    folder: run,
    writeSplit: (split) => writeJson(paths.split, split),
    rewriteMetrics: (history) => writeFileAtomic(paths.metrics, history.map(metricsLine).join('')),
    appendMetrics: (epoch) => appendFile(paths.metrics, metricsLine(epoch)),
    writeLayers: (layers) => writeJson(paths.layers, layers),
    log(message, level = 'info') {
      const line = logLine({ time: new Date().toISOString(), level, message });
      lastLine = lastLine.then(() => appendFile(paths.log, line));
      return lastLine;
    },
    async replan(settings, weightsHash) {
      const file = await readRunFile(run);
      if (!file.ok) throw new ThawFailure(file.error);
      const { backbone } = file.value;
      await writeJson(paths.settings, { ...file.value, settings, backbone: { ...backbone, weightsHash } });
    },
    writeResult: (result) => writeJson(paths.result, result),
    close: release,
  });
}

function metricsLine(epoch: EpochMetrics): string {
  return `${JSON.stringify(epoch, (_, value: unknown) => plainNumber(value))}\n`;
}
