import { createHash } from 'node:crypto';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';

/** SHA-256, hex, over (path, id, label, split, and weight where one is given) of images in the order given. */
export function fingerprintOf(images: readonly ImageRecord[]): string {
  const hash = createHash('sha256');
  for (const { path, id, label, split, pinned, weight } of images) {
    const own = weight === undefined ? [] : [weight];
    hash.update(`${JSON.stringify([path, id, label, pinned ?? split, ...own])}\n`);
  }
  return hash.digest('hex');
}
