import os from 'node:os';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { ThawError } from '../../../../shared/errors.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DatasetSource, Decoder, DecodeTarget } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import { writeError } from '../../project/fileErrors.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';
import { FeatureCache } from './featureCache.ts';
import type { FeatureKey } from './featureCache.ts';
import type { Prefix } from './prefix.ts';

export interface LocatedImage {
  readonly id: string;
  readonly path: string;
}

export interface ExtractRequest {
  /** Images by the dataset they lie in. */
  readonly parts: readonly { readonly source: DatasetSource; readonly images: readonly LocatedImage[] }[];
  readonly decoder: Decoder;
  readonly prefix: Prefix;
  readonly target: DecodeTarget;
  readonly key: Omit<FeatureKey, keyof DecodeTarget | 'frontier'>;
  /** Where caches are kept; the user's cache when not told. */
  readonly cacheRoot?: string;
  readonly batchSize?: number;
  /** Features are held in memory up to this; beyond, they are read from disk. */
  readonly memoryBytes?: number;
}

/** The features of a set of images, one row each. */
export interface FeatureTable {
  readonly valuesPerImage: number;
  /** The row of an image by its content hash; undefined for one that failed. */
  rowOf(id: string): number | undefined;
  /** Reads rows into [rows × valuesPerImage]. */
  read(rows: readonly number[], into: Float32Array): Promise<void>;
  readonly failed: readonly { readonly path: string; readonly error: ThawError }[];
  /** Images whose features were there already. */
  readonly fromCache: number;
  close(): Promise<void>;
}

const defaultBatch = 16;
const emitEveryMs = 100;

/**
 * Computes what the cache does not have: decodes ahead while the prefix runs, holds a batch of pixels for each lane of the prefix and two more
 * whatever the number of images, and computes equal files once. Emits `features`.
 * Errors: cancelled (what is done stays in the cache), disk-full, output-unwritable.
 */
export async function extractFeatures(
  request: ExtractRequest,
  context: JobContext,
): Promise<Result<FeatureTable>> {
  const { prefix, parts, target } = request;
  const root = request.cacheRoot ?? path.join(cacheFolder(), 'features');
  let cache: FeatureCache | null = null;
  try {
    await mkdir(root, { recursive: true });
    const key = { ...request.key, ...target, frontier: prefix.outputs.map(({ layer }) => layer) };
    cache = await FeatureCache.open(root, key, prefix.valuesPerImage);
    const seen = new Set<string>();
    const isNew = ({ id }: LocatedImage): boolean => !seen.has(id) && seen.add(id).size > 0;
    const distinct = parts.map(({ source, images }) => ({ source, images: images.filter(isNew) }));
    const missing = distinct.map(({ source, images }) => ({
      source,
      images: images.filter(({ id }) => cache?.rowOf(id) === undefined),
    }));
    const fromCache = seen.size - missing.reduce((sum, part) => sum + part.images.length, 0);
    const failed = await computeMissing(request, cache, missing, fromCache, context);
    await cache.flush();
    return ok(await tableOver(cache, [...seen], failed, fromCache, request.memoryBytes));
  } catch (cause) {
    await cache?.close();
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause) return err(writeError(cause, root));
    throw cause;
  }
}

type Failure = FeatureTable['failed'][number];

async function computeMissing(
  request: ExtractRequest,
  cache: FeatureCache,
  missing: ExtractRequest['parts'],
  fromCache: number,
  context: JobContext,
): Promise<Failure[]> {
  const { prefix, target } = request;
  const total = fromCache + missing.reduce((sum, part) => sum + part.images.length, 0);
  const failed: Failure[] = [];
  const batchSize = request.batchSize ?? defaultBatch;
  const pixelBytes = target.width * target.height * 3;
  const started = performance.now();
  let lastEvent = 0;
  let computed = 0;
  const report = (): void => {
    lastEvent = performance.now();
    const seconds = (lastEvent - started) / 1000;
    const done = fromCache + computed + failed.length;
    context.emit({ type: 'features', done, total, fromCache, imagesPerSecond: computed / seconds });
  };
  let appended: Promise<void> = Promise.resolve();
  const store = async (names: readonly string[], values: Promise<Float32Array>): Promise<void> => {
    const before = appended;
    const rows = await values;
    await before;
    await cache.append(names, rows);
    computed += names.length;
    if (performance.now() - lastEvent > emitEveryMs) report();
  };

  const running: Promise<void>[] = [];
  let ids: string[] = [];
  let pixels = new Uint8Array(batchSize * pixelBytes);
  const launch = async (): Promise<void> => {
    if (running.length > prefix.lanes) await running.shift();
    const full = ids.length === batchSize ? pixels : pixels.slice(0, ids.length * pixelBytes);
    appended = store(ids, prefix.run(full, ids.length));
    // Observed when it is waited for; marked here so that a failure meanwhile is not unhandled.
    appended.catch(() => undefined);
    running.push(appended);
    pixels = new Uint8Array(batchSize * pixelBytes);
    ids = [];
  };
  try {
    for (const { source, images } of missing) {
      for await (const decoded of request.decoder.decode(source, images, target, context.signal)) {
        const image = images[decoded.index];
        if (image === undefined) throw new Error('The decoder gave an image nobody asked for');
        if (decoded.pixels.ok) {
          pixels.set(decoded.pixels.value, ids.length * pixelBytes);
          ids.push(image.id);
        } else failed.push({ path: image.path, error: decoded.pixels.error });
        if (ids.length === batchSize) {
          await launch();
          await context.gate();
          if (context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The job was cancelled.'));
        }
      }
    }
    if (ids.length > 0) await launch();
  } finally {
    await Promise.allSettled(running);
  }
  await Promise.all(running);
  report();
  return failed;
}

async function tableOver(
  cache: FeatureCache,
  ids: readonly string[],
  failed: readonly Failure[],
  fromCache: number,
  memoryBytes: number = Math.min(2 ** 30, os.freemem() / 4),
): Promise<FeatureTable> {
  const { valuesPerImage } = cache;
  const common = { valuesPerImage, failed, fromCache, close: () => cache.close() };
  const here = ids.filter((id) => cache.rowOf(id) !== undefined);
  if (here.length * valuesPerImage * 4 > memoryBytes)
    return { ...common, rowOf: (id) => cache.rowOf(id), read: (rows, into) => cache.read(rows, into) };
  const values = new Float32Array(here.length * valuesPerImage);
  await cache.read(
    here.map((id) => cache.rowOf(id) ?? 0),
    values,
  );
  const rowOf = new Map(here.map((id, row) => [id, row]));
  return {
    ...common,
    rowOf: (id) => rowOf.get(id),
    read(rows, into) {
      for (const [index, row] of rows.entries())
        into.set(values.subarray(row * valuesPerImage, (row + 1) * valuesPerImage), index * valuesPerImage);
      return Promise.resolve();
    },
  };
}
