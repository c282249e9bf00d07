import { appendFile, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { ImageRecord } from '../../../shared/domain/dataset.ts';
import type { LayerChange } from '../../../shared/domain/layerChanges.ts';
import type { EpochMetrics, TrainResult } from '../../../shared/domain/run.ts';
import { epochMetricsSchema, layerChangeSchema, trainSettingsSchema } from '../../../shared/ipc/contract.ts';
import { trainResultSchema } from '../../../shared/ipc/results.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { plainNumber } from './checkpoint.ts';
import { writeError } from './fileErrors.ts';
import { lockFolder } from './folderLock.ts';

/** `run.json`: what a run was asked to do, with what, on which data. */
export const runFileSchema = z.object({
  format: z.literal('thaw-run'),
  version: z.literal(1),
  created: z.string(),
  settings: trainSettingsSchema,
  versions: z.record(z.string(), z.string()),
  backbone: z.object({ name: z.string(), weightsHash: z.string() }),
  dataset: z.object({ name: z.string(), fingerprint: z.string(), classes: z.array(z.string()) }),
  validation: z.object({ name: z.string(), fingerprint: z.string() }).nullable(),
});
export type RunFile = z.infer<typeof runFileSchema>;

/** `split.json`: which image is on which side. */
export interface SplitFile {
  readonly train: readonly SplitEntry[];
  readonly validation: readonly SplitEntry[];
}
export type SplitEntry = Pick<ImageRecord, 'id' | 'path' | 'label'>;

const splitEntry = z.object({ id: z.string(), path: z.string(), label: z.string() });
const splitFileSchema = z.object({ train: z.array(splitEntry), validation: z.array(splitEntry) });

const titleFileSchema = z.object({ title: z.string() });
const metricsLineSchema = z
  .string()
  .transform((line, context) => {
    try {
      return reviveDeep(JSON.parse(line));
    } catch (cause) {
      context.addIssue(String(cause));
      return z.NEVER;
    }
  })
  .pipe(epochMetricsSchema);

/** Where things are in a run's folder. */
export const runPaths = (run: string) => ({
  settings: path.join(run, 'run.json'),
  split: path.join(run, 'split.json'),
  metrics: path.join(run, 'metrics.jsonl'),
  log: path.join(run, 'run.log'),
  result: path.join(run, 'result.json'),
  model: path.join(run, 'model'),
  title: path.join(run, 'title.json'),
  layers: path.join(run, 'layers.json'),
});

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
  log(line: string): Promise<void>;
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
  return ok({
    folder: run,
    writeSplit: (split) => writeJson(paths.split, split),
    rewriteMetrics: (history) => writeFileAtomic(paths.metrics, history.map(metricsLine).join('')),
    appendMetrics: (epoch) => appendFile(paths.metrics, metricsLine(epoch)),
    writeLayers: (layers) => writeJson(paths.layers, layers),
    log: (line) => appendFile(paths.log, `${new Date().toISOString()} ${line}\n`),
    writeResult: (result) => writeJson(paths.result, result),
    close: release,
  });
}

/** Errors: input-missing for a folder that is no run, input-corrupt. */
export async function readRunFile(run: string): Promise<Result<RunFile>> {
  const read = await readJson(runPaths(run).settings, runFileSchema);
  if (read.ok || read.error.code !== 'input-missing') return read;
  return err(
    thawError('input-missing', `${run} is not a run.`, {
      expected: 'a folder that `thaw train` made, with a run.json',
      remedy: 'Check the path.',
    }),
  );
}

/** What the user calls a run; the folder's name until told otherwise. */
export async function readTitle(run: string): Promise<Result<string>> {
  const read = await readJson(runPaths(run).title, titleFileSchema);
  if (read.ok) return ok(read.value.title);
  return read.error.code === 'input-missing' ? ok(path.basename(run)) : read;
}

/** Errors: output-unwritable, disk-full. */
export async function writeTitle(run: string, title: string): Promise<Result<void>> {
  try {
    await writeJson(runPaths(run).title, { title });
    return ok(undefined);
  } catch (cause) {
    return err(writeError(cause, run));
  }
}

/** The epochs of `metrics.jsonl`; a last line that was cut off is left out. Errors: input-corrupt. */
export async function readMetrics(run: string): Promise<Result<EpochMetrics[]>> {
  const file = runPaths(run).metrics;
  const text = await readFile(file, 'utf8').catch(() => '');
  const epochs: EpochMetrics[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = metricsLineSchema.safeParse(line);
    if (!parsed.success)
      return err(thawError('input-corrupt', `${file} is damaged.`, { found: z.prettifyError(parsed.error) }));
    epochs.push(parsed.data);
  }
  return ok(epochs);
}

/** How far each layer went in the last epoch; nothing for runs that did not write it down. Errors: input-corrupt. */
export async function readLayers(run: string): Promise<Result<readonly LayerChange[]>> {
  const schema = z.preprocess(reviveDeep, z.array(layerChangeSchema));
  const read = await readJson(runPaths(run).layers, schema);
  return !read.ok && read.error.code === 'input-missing' ? ok([]) : read;
}

/** The result of a run that has ended; null for one that has not. */
export async function readResult(run: string): Promise<Result<TrainResult | null>> {
  const read = await readJson(runPaths(run).result, z.preprocess(reviveDeep, trainResultSchema));
  return !read.ok && read.error.code === 'input-missing' ? ok(null) : read;
}

/** Which images the run trained on and validated on; null where the file is missing. */
export async function readSplit(run: string): Promise<Result<SplitFile | null>> {
  const read = await readJson(runPaths(run).split, splitFileSchema);
  return !read.ok && read.error.code === 'input-missing' ? ok(null) : read;
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<Result<T, ThawError>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    return err(thawError('input-missing', `${file} cannot be read.`, { detail: String(cause) }));
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return ok(parsed.data);
    return err(thawError('input-corrupt', `${file} is damaged.`, { found: z.prettifyError(parsed.error) }));
  } catch (cause) {
    return err(thawError('input-corrupt', `${file} is damaged.`, { found: String(cause) }));
  }
}

function writeJson(file: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_, entry: unknown) => plainNumber(entry), 2);
  return writeFileAtomic(file, `${text}\n`);
}

function metricsLine(epoch: EpochMetrics): string {
  return `${JSON.stringify(epoch, (_, value: unknown) => plainNumber(value))}\n`;
}

/** The counterpart of plainNumber over a whole document. */
function reviveDeep(value: unknown): unknown {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (Array.isArray(value)) return value.map(reviveDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, reviveDeep(entry)]));
}
