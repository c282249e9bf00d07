import path from 'node:path';
import envPaths from 'env-paths';

/**
 * The user's cache: the native runtime and cached features, all of it replaceable. `THAW_CACHE` names another place.
 */
export function cacheFolder(): string {
  const chosen = process.env['THAW_CACHE'];
  return chosen !== undefined && chosen !== ''
    ? path.resolve(chosen)
    : envPaths('thaw', { suffix: '' }).cache;
}
