import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Binding, NativeBackend } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import type { AnyBatch } from './anyBatch.ts';
import { anyBatch, recordedBatches } from './anyBatch.ts';
import { byteTensor } from './bytes.ts';
import type { ArgumentSpec, Program, ProgramFunction } from './program.ts';
import { shapeAt } from './program.ts';
import type { Recording } from './recording.ts';
import { record } from './recording.ts';
import { product } from './shapes/arithmetic.ts';
import { NoShapeRule } from './shapes/rules.ts';
import { shapesOnly } from './shapes/shapesOnly.ts';

/**
 * Records a function for any batch size: without computing anything where the shapes of all its operations are known,
 * else by running them.
 */
export function recordFunction(
  tf: Tf,
  backend: NativeBackend,
  definition: ProgramFunction,
  state: Program['state'],
): AnyBatch {
  const [one, two, three] = recordedBatches;
  const withBinding = (binding: Binding): AnyBatch => {
    const at = (batch: number): Recording => recordAt(tf, backend, definition, state, batch, binding);
    return anyBatch([at(one), at(two), at(three)]);
  };
  try {
    return withBinding(shapesOnly(backend.binding));
  } catch (cause) {
    if (cause instanceof NoShapeRule) return withBinding(backend.binding);
    throw cause;
  }
}

/** Records a function on a batch of ones. @param binding see `record`. */
export function recordAt(
  tf: Tf,
  backend: NativeBackend,
  { inputs, run }: ProgramFunction,
  entries: Program['state'],
  batch: number,
  binding: Binding,
): Recording {
  const state = new Map<string, Tensor>();
  for (const [key, { shape, data }] of entries) state.set(key, tf.tensor(data, [...shape]));
  const given: Record<string, Tensor> = {};
  for (const [input, spec] of Object.entries(inputs))
    given[input] = onesFor(tf, backend, spec, batch, binding);
  const args = new Map(state);
  for (const [input, tensor] of Object.entries(given)) args.set(`input:${input}`, tensor);
  try {
    return record(tf, backend, binding, args, () => {
      const { outputs, updates } = run(state, given);
      return new Map([...Object.entries(outputs), ...updates]);
    });
  } finally {
    tf.dispose([...args.values()]);
  }
}

function onesFor(
  tf: Tf,
  backend: NativeBackend,
  spec: ArgumentSpec,
  batch: number,
  binding: Binding,
): Tensor {
  const shape = shapeAt(spec, batch);
  if (spec.dtype !== 'uint8') return tf.ones(shape, spec.dtype);
  return byteTensor(backend, shape, new Uint8Array(product(shape)).fill(1), binding);
}
