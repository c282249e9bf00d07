import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { NativeBackend } from '../binding.ts';
import { isNative } from '../binding.ts';
import type { Tf } from '../tf.ts';
import type { AnyBatch } from './anyBatch.ts';
import { anyBatch, recordedBatches } from './anyBatch.ts';
import { GraphWriter } from './graph.ts';
import { encodeSavedModel } from './messages.ts';
import type { Recording } from './recording.ts';
import { NotRecordable, record } from './recording.ts';

/** The shape of an argument; `batch` stands for the number of items of a call. */
export interface ArgumentSpec {
  readonly shape: readonly (number | 'batch')[];
  readonly dtype: 'float32' | 'int32';
}

export interface StateEntry {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A function of tensors over the program's state. Pure: new state is returned, not assigned. */
export interface ProgramFunction {
  readonly inputs: Readonly<Record<string, ArgumentSpec>>;
  /** Called inside `tf.tidy`. May not read a tensor's values, nor draw random numbers in JavaScript. */
  run(
    state: ReadonlyMap<string, Tensor>,
    inputs: Readonly<Record<string, Tensor>>,
  ): {
    readonly outputs: Readonly<Record<string, Tensor>>;
    readonly updates: ReadonlyMap<string, Tensor>;
  };
}

/** Named float32 tensors that are kept between calls, and functions over them. */
export interface Program {
  readonly state: ReadonlyMap<string, StateEntry>;
  readonly functions: Readonly<Record<string, ProgramFunction>>;
}

type Session = Awaited<ReturnType<Tf['node']['loadSavedModel']>>;

/** A program running as one TensorFlow graph, its state in variables of the graph's session. */
export interface CompiledProgram {
  /**
   * Runs a function and updates the state. A batch size not met before costs a moment. The caller disposes outputs.
   * @throws what TensorFlow throws, out of memory included; the state is then as it was.
   */
  call(name: string, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Batch sizes a function has been compiled for, ascending. */
  batchSizes(name: string): readonly number[];
  read(): Map<string, StateEntry>;
  write(values: ReadonlyMap<string, StateEntry>): void;
  /** Gives the session's memory back. */
  dispose(): void;
}

/**
 * Turns tfjs functions into one TensorFlow graph. Each is run operation by operation on small batches while what the
 * native addon is asked to do is recorded; the recording is written as a SavedModel whose state is in resource
 * variables, which tfjs-node loads. TensorFlow then optimises the graph as a whole, runs independent operations in
 * parallel and frees every intermediate at its last use, none of which it can do for single calls from JavaScript.
 * The error is one sentence for a person: why it cannot be compiled.
 */
export async function compileProgram(tf: Tf, program: Program): Promise<Result<CompiledProgram, string>> {
  const backend = tf.backend();
  if (!isNative(backend)) return err('the native runtime is not in use');
  try {
    const functions = new Map<string, AnyBatch>();
    for (const name of Object.keys(program.functions))
      functions.set(name, recordFunction(tf, backend, program, name));
    return ok(await GraphSession.open(tf, backend, program, functions));
  } catch (cause) {
    if (cause instanceof NotRecordable) return err(cause.message);
    throw cause;
  }
}

function functionOf(program: Program, name: string): ProgramFunction {
  const found = program.functions[name];
  if (found === undefined) throw new Error(`The program has no function ${name}`);
  return found;
}

function shapeAt({ shape }: ArgumentSpec, batch: number): number[] {
  return shape.map((length) => (length === 'batch' ? batch : length));
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

/** A loaded graph. A new batch size makes a new one with the old one's state. */
class GraphSession implements CompiledProgram {
  readonly #tf: Tf;
  readonly #backend: NativeBackend;
  readonly #program: Program;
  readonly #functions: ReadonlyMap<string, AnyBatch>;
  readonly #keys: readonly string[];
  readonly #batches = new Map<string, number[]>();
  #signatures = new Map<string, Session>();

  static async open(
    tf: Tf,
    backend: NativeBackend,
    program: Program,
    functions: ReadonlyMap<string, AnyBatch>,
  ): Promise<GraphSession> {
    const session = new GraphSession(tf, backend, program, functions);
    await session.#load();
    session.#writeAll(program.state);
    return session;
  }

  private constructor(
    tf: Tf,
    backend: NativeBackend,
    program: Program,
    functions: ReadonlyMap<string, AnyBatch>,
  ) {
    this.#tf = tf;
    this.#backend = backend;
    this.#program = program;
    this.#functions = functions;
    this.#keys = [...program.state.keys()];
  }

  async call(name: string, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    const batch = batchOf(functionOf(this.#program, name), inputs);
    if (!this.batchSizes(name).includes(batch)) await this.#addBatch(name, batch);
    return this.#run(`${name}${batch}`, inputs);
  }

  batchSizes(name: string): readonly number[] {
    return this.#batches.get(name) ?? [];
  }

  read(): Map<string, StateEntry> {
    const values = new Map<string, StateEntry>();
    if (this.#keys.length === 0) return values;
    const outputs = this.#run('read', {});
    for (const [index, key] of this.#keys.entries()) {
      const tensor = outputs[`${index}`];
      const entry = this.#program.state.get(key);
      if (tensor === undefined || entry === undefined) throw new Error(`The graph lost ${key}`);
      values.set(key, { shape: entry.shape, data: Float32Array.from(tensor.dataSync() as Float32Array) });
    }
    this.#tf.dispose(outputs);
    return values;
  }

  write(values: ReadonlyMap<string, StateEntry>): void {
    this.#writeAll(new Map([...this.read(), ...values]));
  }

  dispose(): void {
    for (const signature of this.#signatures.values()) signature.dispose();
    this.#signatures.clear();
  }

  async #addBatch(name: string, batch: number): Promise<void> {
    const sizes = [...this.batchSizes(name), batch].sort((a, b) => a - b);
    const state = this.read();
    this.#batches.set(name, sizes);
    this.dispose();
    await this.#load();
    this.#writeAll(state);
  }

  /** Writes the graph for the batch sizes known so far into a folder that lives as long as the loading takes. */
  async #load(): Promise<void> {
    const variables = this.#keys.map((key) => ({ key, shape: this.#program.state.get(key)?.shape ?? [] }));
    const writer = new GraphWriter(this.#backend.binding, variables);
    for (const [name, recorded] of this.#functions) {
      const { inputs } = functionOf(this.#program, name);
      for (const batch of this.batchSizes(name)) {
        const shapes = Object.entries(inputs).map(
          ([input, spec]) => [input, { shape: shapeAt(spec, batch), dtype: spec.dtype }] as const,
        );
        writer.addFunction(
          `${name}${batch}`,
          recorded,
          batch,
          Object.fromEntries(shapes),
          new Set(this.#keys),
        );
      }
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-graph-'));
    try {
      await writeFile(path.join(folder, 'saved_model.pb'), encodeSavedModel(writer.nodes, writer.signatures));
      for (const signature of Object.keys(writer.signatures))
        this.#signatures.set(signature, await this.#tf.node.loadSavedModel(folder, ['serve'], signature));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #writeAll(values: ReadonlyMap<string, StateEntry>): void {
    const tf = this.#tf;
    if (this.#keys.length === 0) return;
    tf.tidy(() => {
      const tensors = this.#keys.map((key, index) => {
        const entry = values.get(key);
        if (entry === undefined) throw new Error(`There is no value for ${key}`);
        return [`${index}`, tf.tensor(entry.data, [...entry.shape], 'float32')] as const;
      });
      this.#run('write', Object.fromEntries(tensors));
    });
  }

  #run(signature: string, inputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const session = this.#signatures.get(signature);
    if (session === undefined) throw new Error(`The graph has no signature ${signature}`);
    return session.predict(inputs) as Record<string, Tensor>;
  }
}

/** The batch size of a call, from the first input that has one. */
function batchOf({ inputs }: ProgramFunction, given: Readonly<Record<string, Tensor>>): number {
  for (const [name, { shape }] of Object.entries(inputs)) {
    const axis = shape.indexOf('batch');
    if (axis >= 0) return given[name]?.shape[axis] ?? 0;
  }
  return 0;
}
