import type { ThawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';

/** The value of a result that a test needs; throws the error as text. */
export function must<T>(result: Result<T, ThawError>): T {
  if (result.ok) return result.value;
  const { code, message, detail } = result.error;
  throw new Error(`${code}: ${message} ${detail ?? ''}`);
}
