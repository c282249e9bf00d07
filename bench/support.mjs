/** What several benchmarks need. */
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Makes an empty cache in which the native runtime need not be set up again: it is the user's. */
export function makeCache(folder) {
  mkdirSync(folder, { recursive: true });
  const own = process.env.THAW_CACHE ?? envPaths('thaw', { suffix: '' }).cache;
  symlinkSync(path.join(own, 'runtime'), path.join(folder, 'runtime'), 'junction');
  return folder;
}
