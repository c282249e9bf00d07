import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';
import type { LayerChange } from '../../../../shared/domain/layerChanges.ts';
import type { EpochMetrics, TrainResult } from '../../../../shared/domain/run.ts';
import { epochMetricsSchema, layerChangeSchema } from '../../../../shared/ipc/training/metrics.ts';
import { trainSettingsSchema } from '../../../../shared/ipc/training/trainSettings.ts';
import { trainResultSchema } from '../../../../shared/ipc/training/results.ts';
import type { ThawError } from '../../../../shared/errors.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { plainNumber } from '../checkpoint.ts';
import { writeError } from '../fileErrors.ts';
import { projectFolderOf, projectPaths } from '../projectFile.ts';

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

/** Errors: input-missing for a folder that is no run, input-corrupt. */
export async function readRunFile(run: string): Promise<Result<RunFile>> {
  const read = await readJson(runPaths(run).settings, runFileSchema);
  if (read.ok) return ok({ ...read.value, settings: await movedWithProject(run, read.value.settings) });
  if (read.error.code !== 'input-missing') return read;
  return err(
    thawError('input-missing', `${run} is not a run.`, {
      expected: 'a folder that `thaw train` made, with a run.json',
      remedy: 'Check the path.',
    }),
  );
}

/** A project that was moved takes its runs along: what they name by its old place they mean beside themselves. */
async function movedWithProject(run: string, settings: RunFile['settings']): Promise<RunFile['settings']> {
  const place = path.dirname(path.resolve(run));
  const project = path.dirname(place);
  const isProject = projectPaths(project).runs === place && (await projectFolderOf(project)) !== null;
  if (!isProject || (await isThere(settings.dataset))) return settings;
  const { continueFrom } = settings;
  const isGone = continueFrom !== null && !(await isThere(continueFrom));
  return {
    ...settings,
    dataset: project,
    continueFrom: isGone ? path.join(place, path.basename(continueFrom)) : continueFrom,
  };
}

function isThere(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
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

export function writeJson(file: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_, entry: unknown) => plainNumber(entry), 2);
  return writeFileAtomic(file, `${text}\n`);
}

/** The counterpart of plainNumber over a whole document. */
function reviveDeep(value: unknown): unknown {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (Array.isArray(value)) return value.map(reviveDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, reviveDeep(entry)]));
}
