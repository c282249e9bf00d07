import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Picture, Rendition } from '../../../../shared/ipc/dataset/images.ts';
import { renditionText } from '../../../../shared/ipc/dataset/images.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DatasetSource, View } from '../../dataset/index.ts';
import { openDataset } from '../../dataset/index.ts';
import { loaderFor } from '../../dataset/decode/decoder.ts';
import type { DecodePool } from '../../dataset/decode/pool/pool.ts';
import { createPool } from '../../dataset/decode/pool/pool.ts';
import type { PictureTarget } from '../../dataset/decode/pool/protocol.ts';
import { heldSource } from './held.ts';
import { mixedPicture } from './mixedPicture.ts';
import { keptPicture } from './pictureCache.ts';
import { viewNamed } from './views.ts';

let pool: DecodePool | null = null;
/** Datasets of which a picture was wanted while they were not held, the last one at the end. */
const opened = new Map<string, DatasetSource>();
const mostOpened = 4;

/**
 * One image of a dataset as a JPEG or PNG file in the cache, made once for each content: upright, whatever its format
 * and wherever it lies, zips and projects included.
 * Errors: those of opening the dataset, input-missing, input-corrupt, input-unsupported, input-refused, disk-full.
 */
export async function pictureOf(
  location: string,
  image: string,
  rendition: Rendition,
): Promise<Result<Picture>> {
  if (rendition.as === 'mixed') return mixedPicture(location, image, rendition);
  const source = await sourceOf(location);
  if (!source.ok) return source;
  const stamp = await stampOf(source.value, image);
  if (!stamp.ok) return stamp;
  const seen = rendition.as === 'view' ? await viewOf(source.value, image, rendition.view) : ok(null);
  if (!seen.ok) return seen;
  const key = createHash('sha256')
    .update(JSON.stringify([1, stamp.value, renditionText(rendition), ...(seen.value ? [seen.value] : [])]))
    .digest('hex');
  const type = rendition.as === 'thumbnail' ? 'image/jpeg' : 'image/png';
  return keptPicture(key, type, () => make(source.value, image, rendition, seen.value));
}

async function make(
  source: DatasetSource,
  image: string,
  rendition: OfOneImage,
  view: View | null,
): Promise<Result<Uint8Array>> {
  // One thread, so that looking at images leaves the cores to a training.
  pool ??= createPool({ workers: 1 });
  const work = { type: 'picture', target: targetOf(rendition), view } as const;
  const reply = await pool.run({ path: image, work, load: loaderFor(source, image) });
  if (!reply.ok) return reply;
  if (reply.value.type !== 'picture')
    return err(thawError('internal', `The decoder made no picture of ${image}.`));
  return ok(reply.value.file);
}

type OfOneImage = Exclude<Rendition, { as: 'mixed' }>;

function targetOf(rendition: OfOneImage): PictureTarget {
  if (rendition.as === 'thumbnail') return rendition;
  const { width, height, resize } = rendition;
  return { as: 'input', input: { width, height, resize } };
}

/** The variation a training would take; the image's bytes decide it. */
async function viewOf(
  source: DatasetSource,
  image: string,
  name: Extract<Rendition, { as: 'view' }>['view'],
): Promise<Result<View>> {
  const bytes = await source.read(image);
  return bytes.ok ? ok(viewNamed(name, bytes.value)) : bytes;
}

async function sourceOf(location: string): Promise<Result<DatasetSource>> {
  const known = heldSource(location) ?? opened.get(location);
  if (known !== undefined && known !== null) return ok(known);
  const source = await openDataset(location);
  if (!source.ok) return source;
  opened.set(location, source.value);
  for (const [oldest, { close }] of [...opened].slice(0, Math.max(0, opened.size - mostOpened))) {
    opened.delete(oldest);
    await close();
  }
  return source;
}

/** What changes when the image's content does. */
async function stampOf(source: DatasetSource, image: string): Promise<Result<readonly unknown[]>> {
  const file = source.fileOf?.(image) ?? ok(source.location);
  if (!file.ok) return file;
  const found = await stat(file.value).catch(() => null);
  if (found === null)
    return err(thawError('input-missing', `${image} is no longer there.`, { found: file.value }));
  const inside = source.fileOf === undefined ? image : '';
  return ok([file.value, inside, found.size, found.mtimeMs]);
}
