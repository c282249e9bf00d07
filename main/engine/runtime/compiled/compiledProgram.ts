import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { NativeBackend } from '../binding.ts';
import { isNative } from '../binding.ts';
import type { Tf } from '../tf.ts';
import type { AnyBatch } from './anyBatch.ts';
import { anyBatch, recordedBatches } from './anyBatch.ts';
import { openGraphSession } from './graphSession.ts';
import type { CompiledProgram, Program } from './program.ts';
import { functionOf, shapeAt } from './program.ts';
import type { Recording } from './recording.ts';
import { NotRecordable, record } from './recording.ts';

export type { ArgumentSpec, CompiledProgram, Program, ProgramFunction, StateEntry } from './program.ts';

/**
 * Turns tfjs functions into one TensorFlow graph. Each is run operation by operation on small batches while what the
 * native addon is asked to do is recorded; the recording is written as a SavedModel whose state is in resource
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
      functions.set(name, recordFunction(tf, backend, program, name));
    return ok(await openGraphSession(tf, backend, program, functions, batch));
  } catch (cause) {
    if (cause instanceof NotRecordable) return err(cause.message);
    throw cause;
  }
}

function recordFunction(tf: Tf, backend: NativeBackend, program: Program, name: string): AnyBatch {
  const { inputs, run } = functionOf(program, name);
  const at = (batch: number): Recording => {
    const state = new Map<string, Tensor>();
    for (const [key, { shape, data }] of program.state) state.set(key, tf.tensor(data, [...shape]));
    const given: Record<string, Tensor> = {};
    for (const [input, spec] of Object.entries(inputs))
      given[input] = tf.ones(shapeAt(spec, batch), spec.dtype);
    const args = new Map(state);
    for (const [input, tensor] of Object.entries(given)) args.set(`input:${input}`, tensor);
    try {
      return record(tf, backend, args, () => {
        const { outputs, updates } = run(state, given);
        return new Map([...Object.entries(outputs), ...updates]);
      });
    } finally {
      tf.dispose([...args.values()]);
    }
  };
  const [one, two, three] = recordedBatches;
  return anyBatch([at(one), at(two), at(three)]);
}
