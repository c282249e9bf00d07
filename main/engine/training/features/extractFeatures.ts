import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { ThawError } from '../../../../shared/errors.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DatasetSource, Decoder, DecodeTarget } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import { cacheRemedies, writeError } from '../../project/fileErrors.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';
import type { ViewChoice } from '../augment/sampleView.ts';
import { sampleView } from '../augment/sampleView.ts';
import { listStored } from './cacheStore.ts';
import { FeatureCache } from './featureCache.ts';
import type { FeatureKey } from './featureKey.ts';
import type { FeatureTable } from './featureTable.ts';
import { tableOver } from './featureTable.ts';
import { Pipeline } from './pipeline.ts';
import type { PixelPrefix } from './pixelPrefix.ts';
import type { Prefix, Segment } from './prefix.ts';

export interface LocatedImage {
  readonly id: string;
  readonly path: string;
}

/** Images by the dataset they lie in. */
export interface ImagePart {
  readonly source: DatasetSource;
  readonly images: readonly LocatedImage[];
}

/** Which random variation of each image. */
export type NumberedView = ViewChoice & { readonly number: number };

export interface ExtractRequest {
  readonly parts: readonly ImagePart[];
  readonly decoder: Decoder;
  readonly prefix: Prefix | PixelPrefix;
  readonly target: DecodeTarget;
  readonly key: Pick<FeatureKey, 'backbone' | 'weightsHash' | 'preprocess' | 'encoding'>;
  /** The images themselves when not told. */
  readonly view?: NumberedView | null;
  /** How features at an earlier cut can save work. */
  readonly shortcut?: Shortcut;
  /** Where features are kept; the user's cache when not told. */
  readonly cacheRoot?: string;
  readonly batchSize?: number;
  /** Features are held in memory up to this; beyond, they are read from disk. */
  readonly memoryBytes?: number;
}

export interface Shortcut {
  /** Those of the kept features that the wanted ones can be computed from, the nearest first. */
  earlier(wanted: FeatureKey, stored: Awaited<ReturnType<typeof listStored>>): FeatureKey[];
  open(from: readonly string[], frontier: readonly string[]): Promise<Result<Segment>>;
}

/** Where features are kept when nothing else is said. */
export function featureRoot(): string {
  return path.join(cacheFolder(), 'features');
}

/**
 * Computes what the cache does not have: first from features at an earlier cut, then from the images, which are
 * decoded ahead while the prefix runs. Holds a batch for each lane of the prefix and two more whatever the number of
 * images, and computes equal files once. Emits `features`.
 * Errors: cancelled (what is done stays in the cache), disk-full, output-unwritable.
 */
export async function extractFeatures(
  request: ExtractRequest,
  context: JobContext,
): Promise<Result<FeatureTable>> {
  const root = request.cacheRoot ?? featureRoot();
  let cache: FeatureCache | null = null;
  try {
    await mkdir(root, { recursive: true });
    const key = keyOf(request);
    cache = await FeatureCache.open(root, key);
    const distinct = distinctImages(request.parts);
    const all = distinct.flatMap(({ images }) => images.map(({ id }) => id));
    const present = await verified(cache, all, context);
    const pipeline = new Pipeline(cache, { total: all.length, fromCache: present.size }, context);
    const isMissing = ({ id }: LocatedImage): boolean => !present.has(id);
    const missing = distinct.map(({ source, images }) => ({ source, images: images.filter(isMissing) }));
    const fromEarlier = await computeFromEarlier(request, key, root, missing, pipeline);
    const isLeft = ({ id }: LocatedImage): boolean => !fromEarlier.has(id);
    const left = missing.map(({ source, images }) => ({ source, images: images.filter(isLeft) }));
    const failed = await computeFromImages(request, left, pipeline, context);
    await cache.flush();
    const outcome = { failed, fromCache: present.size, fromEarlier: fromEarlier.size };
    return ok(await tableOver(cache, all, outcome, request.memoryBytes));
  } catch (cause) {
    // What broke first is what is told.
    await cache?.close().catch(() => undefined);
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause)
      return err(writeError(cause, root, cacheRemedies));
    throw cause;
  }
}

function keyOf({ key, target, prefix, view }: ExtractRequest): FeatureKey {
  const isPixels = key.encoding === 'pixels';
  return {
    ...key,
    ...target,
    // Pixels do not depend on the network.
    ...(isPixels && { weightsHash: '', backbone: '' }),
    frontier: isPixels ? [] : prefix.outputs.map(({ layer }) => layer),
    valuesPerImage: prefix.valuesPerImage,
    view: view ?? null,
    ...(prefix.device !== undefined && { device: prefix.device }),
  };
}

function distinctImages(parts: readonly ImagePart[]): ImagePart[] {
  const seen = new Set<string>();
  const isNew = ({ id }: LocatedImage): boolean => !seen.has(id) && seen.add(id).size > 0;
  return parts.map(({ source, images }) => ({ source, images: images.filter(isNew) }));
}

/** The images whose kept features are whole. */
async function verified(
  cache: FeatureCache,
  ids: readonly string[],
  context: JobContext,
): Promise<Set<string>> {
  const row = new Uint8Array(cache.rowBytes);
  const present = new Set<string>();
  for (const id of ids) {
    stopIfCancelled(context);
    if (await cache.readRow(id, row)) present.add(id);
  }
  return present;
}

/** Goes on from the kept features of earlier cuts; gives the images this served. */
async function computeFromEarlier(
  { prefix, shortcut, batchSize }: ExtractRequest,
  wanted: FeatureKey,
  root: string,
  missing: readonly ImagePart[],
  pipeline: Pipeline,
): Promise<Set<string>> {
  const served = new Set<string>();
  const ids = missing.flatMap(({ images }) => images.map(({ id }) => id));
  if (shortcut === undefined || ids.length === 0) return served;
  const frontier = prefix.outputs.map(({ layer }) => layer);
  for (const key of shortcut.earlier(wanted, await listStored(root))) {
    const earlier = await FeatureCache.open(root, key);
    try {
      const here = ids.filter((id) => !served.has(id) && earlier.rowOf(id) !== undefined);
      if (here.length === 0) continue;
      const segment = await shortcut.open(key.frontier, frontier);
      if (!segment.ok) continue;
      try {
        for (const id of await pipeline.runRows(earlier, here, segment.value, batchSize)) served.add(id);
      } finally {
        await segment.value.dispose();
      }
    } finally {
      await earlier.close();
    }
    if (served.size === ids.length) break;
  }
  return served;
}

async function computeFromImages(
  { prefix, decoder, target, view, batchSize, key }: ExtractRequest,
  missing: readonly ImagePart[],
  pipeline: Pipeline,
  context: JobContext,
): Promise<{ path: string; error: ThawError }[]> {
  const failed: { path: string; error: ThawError }[] = [];
  for (const { source, images } of missing) {
    if (images.length === 0) continue;
    const located =
      view === undefined || view === null
        ? images
        : images.map(({ id, path: place }) => ({ id, path: place, view: sampleView(view, id, view.number) }));
    failed.push(
      ...(await pipeline.runImages(
        // Pixels go into the cache as they are: there are no layers to leave cores to.
        decoder.decode(source, located, target, context.signal, key.encoding === 'pixels'),
        images,
        prefix,
        target.width * target.height * 3,
        batchSize,
      )),
    );
  }
  await pipeline.finish();
  return failed;
}

export function stopIfCancelled({ signal }: JobContext): void {
  if (signal.aborted) throw new ThawFailure(thawError('cancelled', 'The job was cancelled.'));
}
