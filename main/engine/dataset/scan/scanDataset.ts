import type { Dataset, Finding, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { compareCodePoints } from '../codePoints.ts';
import { loaderFor } from '../decode/decoder.ts';
import { orderedMap } from '../decode/orderedMap.ts';
import { createPool, type DecodePool, type PoolOptions } from '../decode/pool.ts';
import type { DatasetSource, SourceEntry } from '../source/source.ts';
import { classFindings } from './classFindings.ts';
import { resolveDuplicates } from './duplicates.ts';
import { misnamed, unreadableFile, unusable } from './fileFindings.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface ScanOptions extends PoolOptions {
  /** Fewer classes are `one-class`; training needs 2 (the default), evaluating 1. */
  readonly minimumClasses?: number;
}

const emitEveryMs = 100;

/**
 * Lists, hashes and decodes every file once, in worker threads, and says what is wrong with which. Holds one record
 * a file and the contents of at most two files a worker. Emits `scan`. Errors: `input-empty`, `one-class`,
 * `cancelled`, `input-corrupt`.
 */
export async function scanDataset(
  source: DatasetSource,
  context: JobContext,
  options: ScanOptions = {},
): Promise<Result<Dataset>> {
  const pool = createPool(options);
  const found = new Collector();
  const stopCounting = new AbortController();
  const signal = AbortSignal.any([context.signal, stopCounting.signal]);
  let total: number | null = null;
  let done = 0;
  const counting = countFiles(source, signal).then((count) => (total = count));
  // The count only serves the progress bar; the listing itself reports what goes wrong.
  counting.catch(() => undefined);
  const report = () => {
    context.emit({ type: 'scan', done, total, findings: found.findings.length });
  };
  try {
    let lastReport = 0;
    const work = (entry: SourceEntry) => look(source, pool, entry);
    for await (const outcome of orderedMap(
      source.list(context.signal),
      pool.capacity * 2,
      work,
      context.signal,
    )) {
      found.add(outcome);
      if (outcome.type === 'file' || outcome.type === 'unusable') done += 1;
      if (performance.now() - lastReport > emitEveryMs) {
        lastReport = performance.now();
        report();
      }
      await context.gate();
    }
    total = done;
    report();
    return assemble(source, found, options.minimumClasses ?? 2);
  } catch (cause) {
    if (context.signal.aborted) return err(thawError('cancelled', 'The scan was cancelled.'));
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    stopCounting.abort();
    await pool.close();
  }
}

type Outcome =
  | { readonly type: 'file'; readonly image: ImageRecord; readonly misnamed: boolean }
  | { readonly type: 'unusable'; readonly finding: Finding; readonly label: string }
  | Exclude<SourceEntry, { type: 'file' }>;

async function look(source: DatasetSource, pool: DecodePool, entry: SourceEntry): Promise<Outcome> {
  if (entry.type !== 'file') return entry;
  const { path, label, split } = entry;
  const reply = await pool.run({ path, target: null, load: loaderFor(source, path) });
  if (!reply.ok) return { type: 'unusable', label, finding: unreadableFile(path, reply.error) };
  if (reply.value.type !== 'examination') throw new Error(`The decoder did not examine ${path}.`);
  const seen = reply.value.examination;
  if (!seen.usable) return { type: 'unusable', label, finding: unusable(seen.kind, path, seen.found) };
  const { id, bytes, width, height, format } = seen;
  const image = { id, path, label, split, bytes, width, height, format };
  return { type: 'file', image, misnamed: seen.misnamed };
}

/** Records and findings so far; hidden files, which can be as many as images, become one finding. */
class Collector {
  readonly images: ImageRecord[] = [];
  readonly findings: Finding[] = [];
  readonly labels = new Set<string>();
  private readonly hidden: string[] = [];

  add(outcome: Outcome): void {
    if (outcome.type === 'finding') {
      if (outcome.finding.kind === 'hidden-file') this.hidden.push(...outcome.finding.paths);
      else this.findings.push(outcome.finding);
      return;
    }
    if (outcome.type === 'file') {
      this.labels.add(outcome.image.label);
      this.images.push(outcome.image);
      if (outcome.misnamed) this.findings.push(misnamed(outcome.image.path, outcome.image.format));
      return;
    }
    this.labels.add(outcome.label);
    if (outcome.type === 'unusable') this.findings.push(outcome.finding);
  }

  all(more: readonly Finding[]): Finding[] {
    const hidden: Finding[] = [];
    if (this.hidden.length > 0) {
      const paths = this.hidden.sort(compareCodePoints);
      const message = `${paths.length} hidden or system ${paths.length === 1 ? 'file was' : 'files were'} skipped.`;
      hidden.push({ kind: 'hidden-file', severity: 'info', paths, message, excluded: true });
    }
    const byPath = (a: Finding, b: Finding) => compareCodePoints(a.paths[0] ?? '', b.paths[0] ?? '');
    return [...this.findings.sort(byPath), ...more, ...hidden];
  }
}

function assemble(source: DatasetSource, found: Collector, minimumClasses: number): Result<Dataset> {
  const { kept, findings } = resolveDuplicates(found.images);
  const classes = [...new Set(kept.map(({ label }) => label))].sort(compareCodePoints);
  const named = [...found.labels].sort(compareCodePoints);
  const all = found.all([
    ...findings.sort((a, b) => compareCodePoints(a.paths[0] ?? '', b.paths[0] ?? '')),
    ...classFindings(classes, kept, named),
  ]);
  if (kept.length === 0) {
    return err(
      thawError('input-empty', `${source.location} has no usable labelled image.`, {
        expected: 'one folder of images per class, or a CSV that names them',
        found: summary(all),
      }),
    );
  }
  if (classes.length < minimumClasses) {
    return err(
      thawError('one-class', `${source.location} has only one class, ${classes.join()}.`, {
        expected: 'at least two classes, each a folder of images (or two labels in a CSV)',
        found: `${kept.length} usable ${kept.length === 1 ? 'image' : 'images'} of one class; ${summary(all)}`,
        remedy: 'Add a folder of images that do not belong to it.',
      }),
    );
  }
  const { name, location, kind } = source;
  return ok({ name, location, kind, classes, images: kept, findings: all, fingerprint: fingerprintOf(kept) });
}

function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no other files';
  const counts = new Map<string, number>();
  for (const { kind, paths } of findings) counts.set(kind, (counts.get(kind) ?? 0) + paths.length);
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

async function countFiles(source: DatasetSource, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const entry of source.list(signal)) if (entry.type === 'file') count += 1;
  return count;
}
