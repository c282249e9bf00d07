import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../runtime/cacheFolder.ts';
import { readHeader } from './memoryFile.ts';

/** What all memories together may take, some million images; beyond it, those used longest ago are dropped. */
export const memoryBudgetBytes = 256 * 2 ** 20;

/** What is remembered of the files of one folder or archive. */
export interface StoredMemory {
  readonly file: string;
  /** Null for what is damaged, or of another version, and only there to be dropped. */
  readonly place: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly lastUsed: Date;
}

const ownName = /^[0-9a-f]{32}\.json$/;
/** A half-written file that old is nobody's any more. */
const leftMilliseconds = 3_600_000;

/** Where what scans saw is kept when nothing else is said. */
export function memoryRoot(): string {
  return path.join(cacheFolder(), 'scans');
}

/** All memories below a root, the most recently used first. */
export async function listMemories(root: string): Promise<StoredMemory[]> {
  const found: StoredMemory[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const file = path.join(root, name);
    // One that another process replaces or drops meanwhile is not there.
    const seen = await stat(file).catch(() => null);
    if (seen?.isFile() !== true) continue;
    const isOwn = ownName.test(name);
    if (!isOwn && Date.now() - seen.mtimeMs < leftMilliseconds) continue;
    const header = isOwn ? await readHeader(file).catch(() => null) : null;
    found.push({
      file,
      place: header?.place ?? null,
      files: header?.files ?? 0,
      bytes: seen.size,
      lastUsed: seen.mtime,
    });
  }
  return found.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

/** Drops all memories; a scan that is under way writes its own again. Gives what was dropped. */
export async function clearMemories(root: string): Promise<StoredMemory[]> {
  const all = await listMemories(root);
  for (const { file } of all) await rm(file, { force: true });
  return all;
}

/** Drops the memories used longest ago while all together are over a budget; `keep` stays. */
export async function pruneMemories(root: string, keep: string, budget = memoryBudgetBytes): Promise<void> {
  const all = await listMemories(root);
  let total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { file, bytes } of all.reverse()) {
    if (total <= budget) return;
    if (file === keep) continue;
    await rm(file, { force: true });
    total -= bytes;
  }
}
