import { createHash } from 'node:crypto';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';

const linesAtOnce = 500;

/** SHA-256, hex, over (path, id, label, split, and weight where one is given) of images in the order given. */
export function fingerprintOf(images: readonly ImageRecord[]): string {
  const hash = createHash('sha256');
  let lines = '';
  for (const [index, { path, id, label, split, pinned, weight }] of images.entries()) {
    const own = weight === undefined ? [] : [weight];
    lines += `${JSON.stringify([path, id, label, pinned ?? split, ...own])}\n`;
    // A call for each line would take longer than the hashing.
    if (index % linesAtOnce !== linesAtOnce - 1) continue;
    hash.update(lines);
    lines = '';
  }
  return hash.update(lines).digest('hex');
}
