import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Picture } from '../../../../shared/ipc/dataset/images.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { writeError } from '../../project/fileErrors.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';

/** What the cache of pictures may hold; beyond it the pictures that were looked at longest ago are dropped. */
const budgetBytes = 1 * 2 ** 30;
/** Pictures made between two looks at the cache's size. */
const madeBetweenLooks = 2_000;

let made = 0;
const beingMade = new Map<string, Promise<Result<Picture>>>();

/** A picture in the cache, made if it is not there. @param key a hash of everything that decides it. */
export async function keptPicture(
  key: string,
  type: Picture['type'],
  makeBytes: () => Promise<Result<Uint8Array>>,
): Promise<Result<Picture>> {
  const folder = path.join(cacheFolder(), 'pictures', key.slice(0, 2));
  const file = path.join(folder, `${key.slice(2)}.${type === 'image/jpeg' ? 'jpg' : 'png'}`);
  if (await touched(file)) return ok({ file, type });
  const waiting = beingMade.get(file);
  if (waiting !== undefined) return waiting;
  const making = write({ file, type }, makeBytes).finally(() => beingMade.delete(file));
  beingMade.set(file, making);
  return making;
}

async function write(
  picture: Picture,
  makeBytes: () => Promise<Result<Uint8Array>>,
): Promise<Result<Picture>> {
  const bytes = await makeBytes();
  if (!bytes.ok) return bytes;
  const temporary = `${picture.file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(picture.file), { recursive: true });
    await writeFile(temporary, bytes.value);
    await rename(temporary, picture.file);
  } catch (cause) {
    await rm(temporary, { force: true });
    return err(writeError(cause, picture.file));
  }
  if (made++ % madeBetweenLooks === 0) void trimPictures(path.join(cacheFolder(), 'pictures'), budgetBytes);
  return ok(picture);
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
