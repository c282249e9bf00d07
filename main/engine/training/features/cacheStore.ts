import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import type { FeatureKey } from './featureKey.ts';
import { featureKeySchema } from './featureKey.ts';

/** What the files of a folder of features are called. */
export const keyFile = 'key.json';
export const valuesFile = 'values.bin';
export const namesFile = 'images.txt';
/** A line of `namesFile`: "SHA-256 CRC-32\n", both hexadecimal. */
export const nameBytes = 64 + 1 + 8 + 1;

/** Features beyond this are dropped, least recently used first; THAW_CACHE_GB names another limit. */
const defaultBudgetGigabytes = 20;

/** The features kept for one key. */
export interface StoredFeatures {
  readonly folder: string;
  /** Null for those of another version, which are only there to be dropped. */
  readonly key: FeatureKey | null;
  readonly images: number;
  readonly bytes: number;
  readonly lastUsed: Date;
}

export function cacheBudgetBytes(): number {
  const chosen = Number(process.env['THAW_CACHE_GB'] ?? '');
  return (chosen > 0 ? chosen : defaultBudgetGigabytes) * 2 ** 30;
}

/** All features below a root, the most recently used first. */
export async function listStored(root: string): Promise<StoredFeatures[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const found: StoredFeatures[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.endsWith('.lock')) continue;
    const folder = path.join(root, entry.name);
    // Another process may drop it meanwhile: then there is nothing to list.
    const seen = await stat(folder).catch(() => null);
    if (seen === null) continue;
    let bytes = 0;
    for (const name of await readdir(folder).catch(() => []))
      bytes += (await sizeOf(path.join(folder, name))) ?? 0;
    const names = (await sizeOf(path.join(folder, namesFile))) ?? 0;
    const images = Math.floor(names / nameBytes);
    found.push({ folder, key: await readKey(folder), images, bytes, lastUsed: seen.mtime });
  }
  return found.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

/** Drops what no process is using; gives what was dropped. */
export async function clearStored(root: string): Promise<StoredFeatures[]> {
  const dropped: StoredFeatures[] = [];
  for (const stored of await listStored(root)) if (await drop(stored)) dropped.push(stored);
  return dropped;
}

/** Drops the features used longest ago while all together are over the budget; those in use, and `keep`, stay. */
export async function pruneCaches(root: string, keep: string): Promise<void> {
  const stored = await listStored(root);
  let total = stored.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const one of stored.reverse()) {
    if (total <= cacheBudgetBytes()) return;
    if (path.basename(one.folder) === keep) continue;
    if (await drop(one)) total -= one.bytes;
  }
}

async function drop({ folder }: StoredFeatures): Promise<boolean> {
  if (await lockfile.check(folder).catch(isNotGone)) return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}

async function readKey(folder: string): Promise<FeatureKey | null> {
  const text = await readFile(path.join(folder, keyFile), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const parsed = featureKeySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: written by something else, or cut short.
    return null;
  }
}

/** False for a folder that another process has dropped meanwhile. */
function isNotGone(cause: unknown): boolean {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
  throw cause;
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}
