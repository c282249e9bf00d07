import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';

/** What a failed write means to the user: a full disk, a place that may not be written to, or a fault of ours. */
export function writeError(cause: unknown, file: string): ThawError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return thawError('disk-full', `There is no space left to write ${file}.`, {
        remedy: 'Free some space; a run that has begun goes on with `thaw resume RUN`.',
        detail,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENAMETOOLONG':
      return thawError('output-unwritable', `${file} cannot be written.`, {
        expected: 'a place that may be written to',
        found: code,
        remedy: 'Choose another folder with --out, or change its permissions.',
        detail,
      });
    default:
      return thawError('internal', `Writing ${file} failed: ${code || String(cause)}.`, { detail });
  }
}
