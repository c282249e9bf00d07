import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Binding, InPlaceUpdate, NativeBackend, OpAttribute, TensorMetadata } from '../addon/binding.ts';
import { forwarding } from '../addon/binding.ts';
import { idOf } from './hints.ts';
import type { Tf } from '../tf.ts';

/** Where a value comes from. */
export type Source =
  | { readonly from: 'argument'; readonly name: string }
  | { readonly from: 'constant'; readonly index: number }
  | { readonly from: 'operation'; readonly index: number; readonly output: number };

export interface RecordedOperation {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Source[];
  /** What has to be made before it, though it is not read. */
  readonly after: Source[];
}

export type Values = Float32Array | Int32Array | Uint8Array;

export interface RecordedConstant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Values;
}

/** All that TensorFlow was asked to do while a function ran. */
export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly constants: readonly RecordedConstant[];
  readonly results: ReadonlyMap<string, { readonly source: Source; readonly dtype: string }>;
  /** Ways to update variables with one operation in place of the recorded ones. */
  readonly updates: readonly InPlaceUpdate<Source>[];
}

/** Why a function cannot become a graph. */
export class NotRecordable extends Error {}

/**
 * Runs a function once and records every operation the native addon is asked for meanwhile.
 * @param args the tensors the function reads, by name; the recording refers to them by it.
 * @param binding what does the operations: the addon, or one that knows shapes only.
 * @throws NotRecordable when the function reads a tensor's values on the way, or one that is not an argument.
 */
export function record(
  tf: Tf,
  backend: NativeBackend,
  binding: Binding,
  args: ReadonlyMap<string, Tensor>,
  run: () => ReadonlyMap<string, Tensor>,
): Recording {
  const values = new Map<number, Known>();
  const operations: RecordedOperation[] = [];
  const constants: RecordedConstant[] = [];
  const updates: InPlaceUpdate<Source>[] = [];
  const known = (id: number, reader: string): Known => {
    const value = values.get(id);
    if (value === undefined) throw new NotRecordable(`${reader} reads a tensor from outside the step`);
    return value;
  };
  const watching: Partial<Binding> = {
    executeOp(name, attributes, ids, outputs): TensorMetadata[] {
      const inputs = ids.map((id) => known(id, name));
      const made = binding.executeOp(name, attributes, ids, outputs);
      const [first] = inputs;
      if (first !== undefined && changesNothing(name, attributes, first.shape, made)) {
        values.set(made[0]?.id ?? 0, first);
        return made;
      }
      for (const [output, { id, shape }] of made.entries())
        values.set(id, { source: { from: 'operation', index: operations.length, output }, shape });
      operations.push({ name, attributes, inputs: inputs.map(({ source }) => source), after: [] });
      return made;
    },
    createTensor(shape, dtype, given): number {
      const id = binding.createTensor(shape, dtype, given);
      if (!(given instanceof Float32Array || given instanceof Int32Array || given instanceof Uint8Array))
        throw new NotRecordable('a constant is neither of numbers nor of truth values');
      values.set(id, { source: { from: 'constant', index: constants.length }, shape });
      constants.push({ dtype, shape: [...shape], values: given.slice() });
      return id;
    },
    tensorDataSync() {
      throw new NotRecordable('the step reads values while it runs');
    },
    recorder: {
      after(tensor, other) {
        const { source } = known(tensor, 'A hint');
        if (source.from === 'operation') operations[source.index]?.after.push(known(other, 'A hint').source);
      },
      update({ variables, inputs, ...update }) {
        const sourceOf = (id: number): Source => known(id, update.name).source;
        updates.push({
          ...update,
          variables: variables.map(({ before, after }) => ({
            before: sourceOf(before),
            after: sourceOf(after),
          })),
          inputs: inputs.map(sourceOf),
        });
      },
    },
  };
  const own = backend.binding;
  try {
    backend.binding = binding;
    for (const [name, tensor] of args)
      values.set(idOf(backend, tensor), { source: { from: 'argument', name }, shape: tensor.shape });
    backend.binding = { ...forwarding(binding), ...watching } as Binding;
    const results = new Map<string, { source: Source; dtype: string }>();
    tf.tidy(() => {
      for (const [name, tensor] of run())
        results.set(name, { source: known(idOf(backend, tensor), name).source, dtype: tensor.dtype });
    });
    return { operations, constants, results, updates };
  } finally {
    backend.binding = own;
  }
}

interface Known {
  readonly source: Source;
  readonly shape: readonly number[];
}

/** tfjs asks for many a conversion to the type or shape that a tensor has already. */
function changesNothing(
  name: string,
  attributes: readonly OpAttribute[],
  before: readonly number[],
  made: readonly TensorMetadata[],
): boolean {
  if (name === 'Reshape') return made[0]?.shape.join() === before.join();
  const typeOf = (which: string): unknown => attributes.find((attribute) => attribute.name === which)?.value;
  return name === 'Cast' && typeOf('SrcT') === typeOf('DstT');
}
