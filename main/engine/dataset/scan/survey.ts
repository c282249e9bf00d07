import type { Finding, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { loaderFor } from '../decode/decoder.ts';
import type { Examination } from '../decode/examine/examine.ts';
import { orderedMap } from '../decode/pool/orderedMap.ts';
import type { HeldPixels } from '../decode/heldPixels.ts';
import { createPool, type DecodePool, type PoolOptions } from '../decode/pool/pool.ts';
import { ScanMemory, type MemoryOptions } from '../memory/scanMemory.ts';
import type { DatasetSource, SourceEntry } from '../source/source.ts';
import { unreadableFile, unusable } from './fileFindings.ts';

/** What became of one thing a source lists. */
export type Outcome =
  | { readonly type: 'file'; readonly image: ImageRecord; readonly misnamed: boolean }
  | { readonly type: 'unusable'; readonly finding: Finding; readonly path: string; readonly label: string }
  | Exclude<SourceEntry, { type: 'file' }>;

/** A source to survey, and what to look at in it. */
export interface SurveyRequest {
  readonly source: DatasetSource;
  list(signal: AbortSignal): AsyncIterable<SourceEntry>;
}

export interface SurveyOptions extends PoolOptions {
  /** Whether near duplicates will be looked for; they are when not told. It takes a decode of its own. */
  readonly perceptual?: boolean;
  /** Takes the pixels of images as they are decoded. */
  readonly held?: HeldPixels;
  /** How files that have not changed since an earlier scan are known again; null: every file is examined. */
  readonly memory?: MemoryOptions | null;
  /** Called once, when the workers have enough to do for a while: the moment for what blocks this thread. */
  readonly whenBusy?: () => void;
}

/** Enough to go on with while the native runtime is loaded on this thread. */
const filesPerWorker = 128;
const emitEveryMs = 100;

/**
 * Lists, hashes and decodes every file once, in worker threads, in the listing's order. Holds one record a file and
 * the contents of at most two files a worker. Emits `scan`. Errors: `cancelled`, and those of a listing.
 */
export async function survey(
  { source, list }: SurveyRequest,
  context: JobContext,
  options: SurveyOptions = {},
): Promise<Result<Outcome[]>> {
  const memory = memoryFor(options, context);
  const pool = createPool({ ...(source.fileOf && { tasksPerWorker: filesPerWorker }), ...options });
  // Files that a worker does not read by itself are in memory while they wait.
  const ahead = source.fileOf ? pool.capacity : pool.capacity * 2;
  const outcomes: Outcome[] = [];
  const stopCounting = new AbortController();
  const signal = AbortSignal.any([context.signal, stopCounting.signal]);
  let total: number | null = null;
  let done = 0;
  let findings = 0;
  const counting = countFiles(list(signal)).then((count) => (total = count));
  // The count only serves the progress bar; the listing itself reports what goes wrong.
  counting.catch(() => undefined);
  const report = () => {
    context.emit({ type: 'scan', done, total, findings });
  };
  try {
    let lastReport = 0;
    const busy = once(options.whenBusy ?? (() => undefined));
    const work = (entry: SourceEntry, index: number) => {
      // Not before the last of them is with its worker.
      if (index + 1 === ahead) setImmediate(busy);
      return look({ source, pool, memory, options }, entry);
    };
    for await (const outcome of orderedMap(list(context.signal), ahead, work, context.signal)) {
      busy();
      outcomes.push(outcome);
      if (outcome.type === 'file' || outcome.type === 'unusable') done += 1;
      if (outcome.type === 'finding' || outcome.type === 'unusable') findings += 1;
      if (performance.now() - lastReport > emitEveryMs) {
        lastReport = performance.now();
        report();
      }
      await context.gate();
    }
    total = done;
    report();
    await memory?.save(true);
    return ok(outcomes);
  } catch (cause) {
    if (context.signal.aborted) {
      await memory?.save(false);
      return err(thawError('cancelled', 'The scan was cancelled.'));
    }
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    stopCounting.abort();
    await pool.close();
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

function memoryFor({ memory = {} }: SurveyOptions, context: JobContext): ScanMemory | null {
  if (memory === null) return null;
  return new ScanMemory(memory, (message) => {
    context.emit({ type: 'log', level: 'warning', message });
  });
}

/** What a survey looks with. */
interface Looking {
  readonly source: DatasetSource;
  readonly pool: DecodePool;
  readonly memory: ScanMemory | null;
  readonly options: SurveyOptions;
}

async function look(looking: Looking, entry: SourceEntry): Promise<Outcome> {
  if (entry.type !== 'file') return entry;
  const { path, label, split, pinned, weight } = entry;
  const reply = await examineFile(looking, path);
  if (!reply.ok) return { type: 'unusable', path, label, finding: unreadableFile(path, reply.error) };
  const seen = reply.value;
  if (!seen.usable) return { type: 'unusable', path, label, finding: unusable(seen.kind, path, seen.found) };
  const { id, bytes, width, height, format, perceptual } = seen;
  // Written out, so that all records have one shape: put together from parts, each is read ten times more slowly.
  const plain =
    perceptual === null
      ? { id, path, label, split, bytes, width, height, format }
      : { id, path, label, split, bytes, width, height, format, perceptual };
  const image: ImageRecord =
    pinned === undefined && weight === undefined
      ? plain
      : { ...plain, ...(pinned && { pinned }), ...(weight !== undefined && { weight }) };
  return { type: 'file', image, misnamed: seen.misnamed };
}

async function examineFile(
  { source, pool, memory, options }: Looking,
  path: string,
): Promise<Result<Examination>> {
  const { perceptual = true, held } = options;
  const state = memory === null ? null : ((await source.stateOf?.(path)) ?? null);
  const known = state === null ? null : await memory?.recall(state, perceptual);
  if (known !== null && known !== undefined) return ok(known);
  const image = { location: source.location, path };
  const pixels = held?.reserve(image) ?? null;
  const work = { type: 'examine', wanted: { perceptual, pixels } } as const;
  const reply = await pool.run({ path, work, load: loaderFor(source, path) });
  if (reply.ok && reply.value.type === 'examination' && reply.value.pixels !== null)
    held?.put(image, reply.value.pixels);
  else if (pixels !== null) held?.release(image);
  if (!reply.ok) return reply;
  if (reply.value.type !== 'examination') throw new Error(`The decoder did not examine ${path}.`);
  const { examination } = reply.value;
  if (state !== null) await memory?.remember(state, examination, perceptual);
  return ok(examination);
}

async function countFiles(entries: AsyncIterable<SourceEntry>): Promise<number> {
  let count = 0;
  for await (const entry of entries) if (entry.type === 'file') count += 1;
  return count;
}
