import { createHash } from 'node:crypto';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';

/** SHA-256, hex, over (path, id, label, split) of images in the order given. */
export function fingerprintOf(images: readonly ImageRecord[]): string {
  const hash = createHash('sha256');
  for (const { path, id, label, split, pinned } of images)
    hash.update(`${JSON.stringify([path, id, label, pinned ?? split])}\n`);
  return hash.digest('hex');
}
