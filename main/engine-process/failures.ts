import type { ThawError } from '../../shared/errors.ts';
import { thawError } from '../../shared/errors.ts';
import type { Exit } from './child.ts';

interface Meaning {
  readonly means: string;
  readonly ifAgain: string;
}

const lessMemory = 'use a smaller batch size, or close other programs';
const otherRuntime = 'run `thaw doctor`; THAW_RUNTIME=portable trains without the native library';
const outside: Meaning = { means: 'native code reached outside its memory', ifAgain: otherRuntime };
const instruction: Meaning = {
  means: 'native code used an instruction this processor lacks',
  ifAgain: otherRuntime,
};

/** By signal, or Windows's exit code. */
const meanings: Readonly<Record<string, Meaning>> = {
  SIGKILL: { means: 'it was killed, as systems do when memory runs out', ifAgain: lessMemory },
  SIGABRT: { means: 'a library gave up, often for want of memory', ifAgain: lessMemory },
  SIGSEGV: outside,
  SIGBUS: outside,
  SIGILL: instruction,
  [0xc0000005]: outside,
  [0xc000001d]: instruction,
};

/** The process ended by itself. */
export function crashed(exit: Exit): ThawError {
  const how = exit.signal !== null ? `signal ${exit.signal}` : `exit code ${String(exit.code)}`;
  const meaning = meanings[exit.signal ?? String(exit.code)];
  return thawError('engine-crashed', 'The engine process ended unexpectedly.', {
    found: meaning === undefined ? how : `${how}: ${meaning.means}`,
    remedy: `The run keeps its last checkpoint: resume it. If it happens again, ${meaning?.ifAgain ?? lessMemory}.`,
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
