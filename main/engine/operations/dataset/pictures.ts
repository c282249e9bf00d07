import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
import { writeError } from '../../project/fileErrors.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';
import { heldSource } from './held.ts';
import { viewNamed } from './views.ts';

/** What the cache of pictures may hold; beyond it the pictures that were looked at longest ago are dropped. */
const budgetBytes = 1 * 2 ** 30;
/** Pictures made between two looks at the cache's size. */
const madeBetweenLooks = 2_000;

let pool: DecodePool | null = null;
let made = 0;
const beingMade = new Map<string, Promise<Result<Picture>>>();
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
  const folder = path.join(cacheFolder(), 'pictures', key.slice(0, 2));
  const file = path.join(folder, `${key.slice(2)}.${type === 'image/jpeg' ? 'jpg' : 'png'}`);
  if (await touched(file)) return ok({ file, type });
  const waiting = beingMade.get(file);
  if (waiting !== undefined) return waiting;
  const making = make(source.value, image, { rendition, view: seen.value }, { file, type }).finally(() =>
    beingMade.delete(file),
  );
  beingMade.set(file, making);
  return making;
}

async function make(
  source: DatasetSource,
  image: string,
  { rendition, view }: { readonly rendition: Rendition; readonly view: View | null },
  picture: Picture,
): Promise<Result<Picture>> {
  // One thread, so that looking at images leaves the cores to a training.
  pool ??= createPool({ workers: 1 });
  const work = { type: 'picture', target: targetOf(rendition), view } as const;
  const reply = await pool.run({ path: image, work, load: loaderFor(source, image) });
  if (!reply.ok) return reply;
  if (reply.value.type !== 'picture')
    return err(thawError('internal', `The decoder made no picture of ${image}.`));
  const temporary = `${picture.file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(picture.file), { recursive: true });
    await writeFile(temporary, reply.value.file);
    await rename(temporary, picture.file);
  } catch (cause) {
    await rm(temporary, { force: true });
    return err(writeError(cause, picture.file));
  }
  if (made++ % madeBetweenLooks === 0) void trimPictures(path.join(cacheFolder(), 'pictures'), budgetBytes);
  return ok(picture);
}

function targetOf(rendition: Rendition): PictureTarget {
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

async function touched(file: string): Promise<boolean> {
  try {
    const now = new Date();
    await utimes(file, now, now);
    return true;
  } catch {
    // Not made yet, or dropped.
    return false;
  }
}

/** Drops the files of a folder of folders that were used longest ago, until a fifth of the budget is free. */
export async function trimPictures(root: string, budget: number): Promise<void> {
  const files: { file: string; bytes: number; used: number }[] = [];
  for (const folder of await readdir(root).catch(() => []))
    for (const name of await readdir(path.join(root, folder)).catch(() => [])) {
      const file = path.join(root, folder, name);
      const found = await stat(file).catch(() => null);
      if (found !== null) files.push({ file, bytes: found.size, used: found.mtimeMs });
    }
  let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= budget) return;
  for (const one of files.sort((a, b) => a.used - b.used)) {
    if (bytes <= budget * 0.8) return;
    await rm(one.file, { force: true });
    bytes -= one.bytes;
  }
}
