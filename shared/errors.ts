/** Every way an operation may be expected to fail. Closed: a `switch` over it is checked for exhaustiveness. */
export const errorCodes = [
  'usage',
  'input-missing',
  'input-empty',
  'input-corrupt',
  'input-unsupported',
  'input-refused',
  'one-class',
  'labels-differ',
  'output-exists',
  'output-unwritable',
  'disk-full',
  'engine-missing',
  'engine-unsupported',
  'engine-crashed',
  'contract',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * A failure a user can act on. `message` is one sentence that names the thing; the other fields say what was
 * expected, what was found, and what to do. `detail` is for the log and is shown with `--verbose` only.
 */
export interface ThawError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  readonly detail?: string;
}

export function thawError(
  code: ErrorCode,
  message: string,
  more: Omit<ThawError, 'code' | 'message'> = {},
): ThawError {
  return { code, message, ...more };
}

/** One paragraph for a person: message, expectation, finding, remedy. */
export function describeError(error: ThawError): string {
  const parts = [error.message];
  if (error.expected !== undefined) parts.push(`Expected: ${error.expected}`);
  if (error.found !== undefined) parts.push(`Found: ${error.found}`);
  if (error.remedy !== undefined) parts.push(`What to do: ${error.remedy}`);
  return parts.join('\n  ');
}

/** The command line's exit codes (0 done is not an error). */
export function exitCodeOf(code: ErrorCode): 1 | 2 | 3 | 4 | 130 {
  switch (code) {
    case 'usage':
      return 2;
    case 'input-missing':
    case 'input-empty':
    case 'input-corrupt':
    case 'input-unsupported':
    case 'input-refused':
    case 'one-class':
    case 'labels-differ':
      return 3;
    case 'engine-missing':
    case 'engine-unsupported':
      return 4;
    case 'cancelled':
      return 130;
    case 'output-exists':
    case 'output-unwritable':
    case 'disk-full':
    case 'engine-crashed':
    case 'contract':
    case 'internal':
      return 1;
    default:
      return unreachable(code);
  }
}

/** Ends an exhaustive `switch`; a compile error when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}

/**
 * Carries a ThawError through code that can only throw (stream callbacks, library hooks).
 * Caught at the nearest boundary and turned back into a Result.
 */
export class ThawFailure extends Error {
  constructor(readonly thaw: ThawError) {
    super(thaw.message);
    this.name = 'ThawFailure';
  }
}
