import type { CacheReport } from '../../../shared/ipc/training/cache.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import { clearMemories, listMemories, memoryBudgetBytes, memoryRoot } from '../dataset/memory/memoryStore.ts';
import type { StoredFeatures } from '../training/features/cacheStore.ts';
import { cacheBudgetBytes, clearStored, listStored } from '../training/features/cacheStore.ts';
import { featureRoot } from '../training/features/extractFeatures.ts';

/** The features and scans that are kept for later runs; `clear` first drops all that no process is using. */
export async function cache(action: 'list' | 'clear'): Promise<Result<CacheReport>> {
  const folder = featureRoot();
  const dropped = action === 'clear' ? await clear(folder) : null;
  const stored = await listStored(folder);
  return ok({
    folder,
    bytes: bytesOf(stored),
    limitBytes: cacheBudgetBytes(),
    entries: stored.flatMap(({ key, images, bytes, lastUsed }) =>
      key === null
        ? []
        : [
            {
              backbone: key.backbone,
              layers: [...key.frontier],
              images,
              encoding: key.encoding,
              device: key.device ?? null,
              size: [key.width, key.height],
              view: key.view === null ? null : { strength: key.view.strength, number: key.view.number },
              bytes,
              lastUsed: lastUsed.toISOString(),
            },
          ],
    ),
    scans: await scans(),
    dropped,
  });
}

async function clear(folder: string): Promise<CacheReport['dropped']> {
  const features = await clearStored(folder);
  const memories = await clearMemories(memoryRoot());
  return {
    entries: features.length,
    scans: memories.length,
    bytes: bytesOf(features) + bytesOf(memories),
  };
}

async function scans(): Promise<CacheReport['scans']> {
  const folder = memoryRoot();
  const all = await listMemories(folder);
  return {
    folder,
    bytes: bytesOf(all),
    limitBytes: memoryBudgetBytes,
    entries: all.flatMap(({ place, files, bytes, lastUsed }) =>
      place === null ? [] : [{ place, files, bytes, lastUsed: lastUsed.toISOString() }],
    ),
  };
}

function bytesOf(stored: readonly Pick<StoredFeatures, 'bytes'>[]): number {
  return stored.reduce((sum, { bytes }) => sum + bytes, 0);
}
