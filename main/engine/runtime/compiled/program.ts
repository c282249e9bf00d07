import type { Tensor } from '@tensorflow/tfjs-node-gpu';

/** The shape of an argument; `batch` stands for the number of items of a call. */
export interface ArgumentSpec {
  readonly shape: readonly (number | 'batch')[];
  /** Bytes come as what `byteTensor` makes. */
  readonly dtype: 'float32' | 'int32' | 'uint8';
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

/** A program running as one TensorFlow graph, its state in variables of the graph's session. */
export interface CompiledProgram {
  /**
   * Runs a function and updates the state. A batch size not met before costs a moment. The caller disposes outputs.
   * @throws what TensorFlow throws, out of memory included; the state is then as it was.
   */
  call(name: string, inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Batch sizes a function has been compiled for, ascending. */
  batchSizes(name: string): readonly number[];
  /** The state as it is now, or the entries named. */
  read(keys?: Iterable<string>): Map<string, StateEntry>;
  /** Replaces the entries named; the others stay. */
  write(values: ReadonlyMap<string, StateEntry>): void;
  /** Gives the session's memory back. */
  dispose(): void;
}

/** The function of a name that is known. */
export function functionOf(program: Program, name: string): ProgramFunction {
  const found = program.functions[name];
  if (found === undefined) throw new Error(`The program has no function ${name}`);
  return found;
}

/** A shape at a batch size. */
export function shapeAt({ shape }: ArgumentSpec, batch: number): number[] {
  return shape.map((length) => (length === 'batch' ? batch : length));
}
