import type { CacheReport } from '../../../shared/ipc/training/cache.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import type { StoredFeatures } from '../training/features/cacheStore.ts';
import { cacheBudgetBytes, clearStored, listStored } from '../training/features/cacheStore.ts';
import { featureRoot } from '../training/features/extractFeatures.ts';

/** The features that are kept for later runs; `clear` first drops all that no process is using. */
export async function cache(action: 'list' | 'clear'): Promise<Result<CacheReport>> {
  const folder = featureRoot();
  const dropped = action === 'clear' ? await clearStored(folder) : null;
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
              size: [key.width, key.height],
              view: key.view === null ? null : { strength: key.view.strength, number: key.view.number },
              bytes,
              lastUsed: lastUsed.toISOString(),
            },
          ],
    ),
    dropped: dropped === null ? null : { entries: dropped.length, bytes: bytesOf(dropped) },
  });
}

function bytesOf(stored: readonly StoredFeatures[]): number {
  return stored.reduce((sum, { bytes }) => sum + bytes, 0);
}
