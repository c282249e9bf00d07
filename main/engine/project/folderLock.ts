import { readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import lockfile from 'proper-lockfile';

/** A lock nobody has refreshed for so long was left by another machine. */
const staleMilliseconds = 600_000;
const updateMilliseconds = 60_000;
const ownerFile = '.owner.json';

/**
 * Takes a folder for this process alone. Returns its release, or null when a living process has it. The lock of a
 * process that was killed is taken over at once. Rejects with the disk's error.
 */
export async function lockFolder(folder: string): Promise<(() => Promise<void>) | null> {
  const release = (await tryLock(folder)) ?? (await takeOver(folder));
  if (release === null) return null;
  const owner = path.join(folder, ownerFile);
  await writeFile(owner, JSON.stringify({ pid: process.pid, host: os.hostname() }));
  return async () => {
    await rm(owner, { force: true });
    await release();
  };
}

/** Whether a living process has the folder. */
export async function isFolderLocked(folder: string): Promise<boolean> {
  if (!(await lockfile.check(folder, { stale: staleMilliseconds }))) return false;
  const text = await readFile(path.join(folder, ownerFile), 'utf8').catch(() => null);
  return text === null || !isGone(text);
}

async function tryLock(folder: string): Promise<(() => Promise<void>) | null> {
  try {
    return await lockfile.lock(folder, { stale: staleMilliseconds, update: updateMilliseconds });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED') return null;
    throw cause;
  }
}

async function takeOver(folder: string): Promise<(() => Promise<void>) | null> {
  const text = await readFile(path.join(folder, ownerFile), 'utf8').catch(() => null);
  if (text === null || !isGone(text)) return null;
  await rm(`${folder}.lock`, { recursive: true, force: true });
  return tryLock(folder);
}

/** Whether the owner was a process of this machine that runs no more. */
function isGone(text: string): boolean {
  try {
    const { pid, host } = JSON.parse(text) as { pid: number; host: string };
    if (host !== os.hostname() || pid === process.pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH';
  }
}
