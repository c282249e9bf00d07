import type { Finding, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { loaderFor } from '../decode/decoder.ts';
import { orderedMap } from '../decode/orderedMap.ts';
import { createPool, type DecodePool, type PoolOptions } from '../decode/pool.ts';
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

const emitEveryMs = 100;

/**
 * Lists, hashes and decodes every file once, in worker threads, in the listing's order. Holds one record a file and
 * the contents of at most two files a worker. Emits `scan`. Errors: `cancelled`, and those of a listing.
 */
export async function survey(
  { source, list }: SurveyRequest,
  context: JobContext,
  options: PoolOptions = {},
): Promise<Result<Outcome[]>> {
  const pool = createPool(options);
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
    const work = (entry: SourceEntry) => look(source, pool, entry);
    for await (const outcome of orderedMap(list(context.signal), pool.capacity * 2, work, context.signal)) {
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
    return ok(outcomes);
  } catch (cause) {
    if (context.signal.aborted) return err(thawError('cancelled', 'The scan was cancelled.'));
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    stopCounting.abort();
    await pool.close();
  }
}

async function look(source: DatasetSource, pool: DecodePool, entry: SourceEntry): Promise<Outcome> {
  if (entry.type !== 'file') return entry;
  const { path, label, split, pinned, weight } = entry;
  const reply = await pool.run({ path, target: null, load: loaderFor(source, path) });
  if (!reply.ok) return { type: 'unusable', path, label, finding: unreadableFile(path, reply.error) };
  if (reply.value.type !== 'examination') throw new Error(`The decoder did not examine ${path}.`);
  const seen = reply.value.examination;
  if (!seen.usable) return { type: 'unusable', path, label, finding: unusable(seen.kind, path, seen.found) };
  const { id, bytes, width, height, format, perceptual } = seen;
  const image = {
    ...{ id, path, label, split, bytes, width, height, format },
    ...(pinned && { pinned }),
    ...(weight !== undefined && { weight }),
    ...(perceptual !== null && { perceptual }),
  };
  return { type: 'file', image, misnamed: seen.misnamed };
}

async function countFiles(entries: AsyncIterable<SourceEntry>): Promise<number> {
  let count = 0;
  for await (const entry of entries) if (entry.type === 'file') count += 1;
  return count;
}
