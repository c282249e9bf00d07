import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';

/** What to do where what Thaw keeps for itself cannot be written. */
export const cacheRemedies = {
  full: 'Free some space there, drop what is kept with `thaw cache clear`, or name another place in THAW_CACHE.',
  unwritable: 'Change its permissions, or name another place in THAW_CACHE.',
};

const outputRemedies = {
  full: 'Free some space; a run that has begun goes on with `thaw resume RUN`.',
  unwritable: 'Choose another folder with --out, or change its permissions.',
};

/** What a failed write means to the user: a full disk, a place that may not be written to, or a fault of ours. */
export function writeError(cause: unknown, file: string, remedies = outputRemedies): ThawError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return thawError('disk-full', `There is no space left to write ${file}.`, {
        remedy: remedies.full,
        detail,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENAMETOOLONG':
    case 'ENOENT':
      return thawError('output-unwritable', `${file} cannot be written.`, {
        expected: 'a place that may be written to',
        // Making a folder and those above it ends so on a read-only file system, too.
        found: code === 'ENOENT' ? 'a place that is gone, or a read-only file system' : code,
        remedy: remedies.unwritable,
        detail,
      });
    default:
      return thawError('internal', `Writing ${file} failed: ${code || String(cause)}.`, { detail });
  }
}
