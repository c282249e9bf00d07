import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { NativeBackend } from '../addon/binding.ts';
import type { Tf } from '../tf.ts';
import type { AnyBatch } from './anyBatch.ts';
import { GraphWriter } from './graph.ts';
import type { SignatureDef } from './messages.ts';
import { encodeSavedModel } from './messages.ts';
import type { CompiledProgram, Program, ProgramFunction, StateEntry } from './program.ts';
import { functionOf, shapeAt } from './program.ts';

/**
 * Loads a program's graph, its state as the program gives it.
 * @param batch a batch size every function will be called with: it costs no loading anew when it comes.
 */
export async function openGraphSession(
  tf: Tf,
  backend: NativeBackend,
  program: Program,
  functions: ReadonlyMap<string, AnyBatch>,
  batch: number | null,
): Promise<CompiledProgram> {
  const open = async (first: number | null): Promise<CompiledProgram> => {
    const session = new GraphSession(tf, backend, program, functions);
    try {
      await session.open(first);
    } catch (cause) {
      session.dispose();
      throw cause;
    }
    return session;
  };
  // A graph that is refused at this size is refused again when it is called, where there is a way on without it.
  return batch === null ? open(null) : open(batch).catch(() => open(null));
}

type Signatures = Readonly<Record<string, SignatureDef>>;

/** A loaded graph. A new batch size makes a new one with the old one's state. */
class GraphSession implements CompiledProgram {
  readonly #tf: Tf;
  readonly #backend: NativeBackend;
  readonly #program: Program;
  readonly #functions: ReadonlyMap<string, AnyBatch>;
  readonly #keys: readonly string[];
  readonly #batches = new Map<string, number[]>();
  #loaded: { readonly session: number; readonly signatures: Signatures } | null = null;

  constructor(tf: Tf, backend: NativeBackend, program: Program, functions: ReadonlyMap<string, AnyBatch>) {
    this.#tf = tf;
    this.#backend = backend;
    this.#program = program;
    this.#functions = functions;
    this.#keys = [...program.state.keys()];
  }

  /** Loads the graph and gives it its first state. */
  async open(batch: number | null): Promise<void> {
    if (batch !== null) for (const name of this.#functions.keys()) this.#batches.set(name, [batch]);
    await this.#load();
    this.#writeAll(this.#program.state);
  }

  async call(name: string, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    const batch = batchOf(functionOf(this.#program, name), inputs);
    if (!this.batchSizes(name).includes(batch)) await this.#addBatch(name, batch);
    return this.#run(`${name}${batch}`, inputs);
  }

  batchSizes(name: string): readonly number[] {
    return this.#batches.get(name) ?? [];
  }

  read(keys: Iterable<string> = this.#keys): Map<string, StateEntry> {
    const values = new Map<string, StateEntry>();
    if (this.#keys.length === 0) return values;
    const outputs = this.#run('read', {});
    for (const key of keys) {
      const tensor = outputs[`${this.#keys.indexOf(key)}`];
      const entry = this.#program.state.get(key);
      if (tensor === undefined || entry === undefined) throw new Error(`The graph has no state ${key}`);
      values.set(key, { shape: entry.shape, data: Float32Array.from(tensor.dataSync() as Float32Array) });
    }
    this.#tf.dispose(outputs);
    return values;
  }

  write(values: ReadonlyMap<string, StateEntry>): void {
    this.#writeAll(new Map([...this.read(), ...values]));
  }

  dispose(): void {
    if (this.#loaded !== null) this.#backend.deleteSavedModel(this.#loaded.session);
    this.#loaded = null;
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
      // tfjs-node's own loader would read the whole file in JavaScript again, for each signature.
      const session = this.#backend.loadSavedModelMetaGraph(folder, 'serve');
      this.#loaded = { session, signatures: writer.signatures };
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

  #run(name: string, given: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const signature = this.#loaded?.signatures[name];
    if (this.#loaded === null || signature === undefined)
      throw new Error(`The graph has no signature ${name}`);
    const inputs = Object.entries(signature.inputs);
    const outputs = Object.entries(signature.outputs);
    const values = this.#backend.runSavedModel(
      this.#loaded.session,
      inputs.map(([input]) => given[input] ?? missing(input)),
      inputs.map(([, info]) => info),
      outputs.map(([, info]) => info.name),
    );
    return Object.fromEntries(outputs.map(([output], at) => [output, values[at] ?? missing(output)]));
  }
}

function missing(what: string): never {
  throw new Error(`A call of the graph lacks ${what}`);
}

/** The batch size of a call, from the first input that has one. */
function batchOf({ inputs }: ProgramFunction, given: Readonly<Record<string, Tensor>>): number {
  for (const [name, { shape }] of Object.entries(inputs)) {
    const axis = shape.indexOf('batch');
    if (axis >= 0) return given[name]?.shape[axis] ?? 0;
  }
  return 0;
}
