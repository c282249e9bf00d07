import type { ThawError } from '../../shared/errors.ts';
import { thawError } from '../../shared/errors.ts';
import type { Exit } from './child.ts';

/** The process ended by itself. */
export function crashed(exit: Exit): ThawError {
  const how = exit.signal !== null ? `signal ${exit.signal}` : `exit code ${String(exit.code)}`;
  return thawError('engine-crashed', 'The engine process ended unexpectedly.', {
    found: how,
    remedy: 'The run keeps its last checkpoint: resume it. If it happens again, use a smaller batch size.',
  });
}

/** It did so too often; `last` is how it ended the last time. */
export function crashedAgain(times: number, last: ThawError): ThawError {
  return thawError('engine-crashed', `The engine process ended ${times} times in a row; it stays off.`, {
    ...(last.found !== undefined && { found: last.found }),
    remedy: 'Run `thaw doctor` to check the native runtime, and see that there is enough free memory.',
  });
}

/** It said something that is not in the contract. */
export function notInContract(found: string): ThawError {
  return thawError('contract', 'The engine process sent a message that is not in the contract.', { found });
}
