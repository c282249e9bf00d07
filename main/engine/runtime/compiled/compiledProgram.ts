import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { isNative } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import type { AnyBatch } from './anyBatch.ts';
import { openGraphSession } from './graphSession.ts';
import type { CompiledProgram, Program } from './program.ts';
import { functionOf } from './program.ts';
import { recordFunction } from './recordFunction.ts';
import { NotRecordable } from './recording.ts';

export type { ArgumentSpec, CompiledProgram, Program, ProgramFunction, StateEntry } from './program.ts';

/**
 * Turns tfjs functions into one TensorFlow graph. What the native addon is asked to do while a function runs on small
 * batches is recorded, as a rule without doing it; the recording is written as a SavedModel whose state is in resource
 * variables, which tfjs-node loads. TensorFlow then optimises the graph as a whole, runs independent operations in
 * parallel and frees every intermediate at its last use, none of which it can do for single calls from JavaScript.
 * The error is one sentence for a person: why it cannot be compiled.
 * @param batch a batch size that is sure to come, compiled at once; others when they come.
 */
export async function compileProgram(
  tf: Tf,
  program: Program,
  batch: number | null = null,
): Promise<Result<CompiledProgram, string>> {
  const backend = tf.backend();
  if (!isNative(backend)) return err('the native runtime is not in use');
  try {
    const functions = new Map<string, AnyBatch>();
    for (const name of Object.keys(program.functions))
      functions.set(name, recordFunction(tf, backend, functionOf(program, name), program.state));
    return ok(await openGraphSession(tf, backend, program, functions, batch));
  } catch (cause) {
    if (cause instanceof NotRecordable) return err(cause.message);
    throw cause;
  }
}
