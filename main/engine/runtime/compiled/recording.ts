import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Binding, NativeBackend, OpAttribute, TensorMetadata } from '../binding.ts';
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
}

/** Why a function cannot become a graph. */
export class NotRecordable extends Error {}

/**
 * Runs a function once and records every operation the native addon receives meanwhile.
 * @param args the tensors the function reads, by name; the recording refers to them by it.
 * @throws NotRecordable when the function reads a tensor's values on the way, or one that is not an argument.
 */
export function record(
  tf: Tf,
  backend: NativeBackend,
  args: ReadonlyMap<string, Tensor>,
  run: () => ReadonlyMap<string, Tensor>,
): Recording {
  const sources = new Map<number, Source>();
  for (const [name, tensor] of args) sources.set(idOf(backend, tensor), { from: 'argument', name });
  const operations: RecordedOperation[] = [];
  const constants: RecordedConstant[] = [];
  const sourceOf = (id: number, reader: string): Source => {
    const source = sources.get(id);
    if (source === undefined) throw new NotRecordable(`${reader} reads a tensor from outside the step`);
    return source;
  };

  const real = backend.binding;
  const watching: Partial<Binding> = {
    executeOp(name, attributes, ids, outputs): TensorMetadata[] {
      const inputs = ids.map((id) => sourceOf(id, name));
      const made = real.executeOp(name, attributes, ids, outputs);
      for (const [output, { id }] of made.entries())
        sources.set(id, { from: 'operation', index: operations.length, output });
      operations.push({ name, attributes, inputs });
      return made;
    },
    createTensor(shape, dtype, values): number {
      const id = real.createTensor(shape, dtype, values);
      if (!(values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array))
        throw new NotRecordable('a constant is neither of numbers nor of truth values');
      sources.set(id, { from: 'constant', index: constants.length });
      constants.push({ dtype, shape: [...shape], values: values.slice() });
      return id;
    },
    tensorDataSync() {
      throw new NotRecordable('the step reads values while it runs');
    },
  };
  backend.binding = { ...forwarding(real), ...watching } as Binding;
  try {
    const results = new Map<string, { source: Source; dtype: string }>();
    tf.tidy(() => {
      for (const [name, tensor] of run())
        results.set(name, { source: sourceOf(idOf(backend, tensor), name), dtype: tensor.dtype });
    });
    return { operations, constants, results };
  } finally {
    backend.binding = real;
  }
}

/** The addon's functions want their own object as `this`. */
function forwarding(binding: Binding): object {
  const names = Object.getOwnPropertyNames(binding);
  return Object.fromEntries(
    names.map((name) => {
      const value = (binding as unknown as Record<string, unknown>)[name];
      return [name, typeof value === 'function' ? (value.bind(binding) as unknown) : value];
    }),
  );
}

/** The addon's number of a tensor; its values are handed over first if they were not yet. */
function idOf(backend: NativeBackend, tensor: Tensor): number {
  const [id] = backend.getInputTensorIds([tensor]);
  if (id === undefined) throw new Error('A tensor has no number');
  return id;
}
