import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tf } from '../../runtime/tf.ts';

/** A variable's value with all that its update reads. Tensors have the variable's shape, scalars are float32 []. */
export interface UpdateInputs {
  /** "layer/weight". Rules that differ by variable (no decay for biases, say) go by it. */
  readonly key: string;
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/** A variable's new value and slots. */
export interface UpdateResult {
  readonly value: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
}

/**
 * A rule that turns gradients into new weights, as a pure function: what it remembers is in slots, and every number
 * that changes from step to step comes in as a scalar tensor, so that a step can be compiled once and run many times.
 */
export interface Optimizer {
  /** Names its slots in checkpoints. */
  readonly name: string;
  /** Slots of every variable, in the variable's shape. */
  readonly slots: readonly string[];
  /** What a slot of a variable holds before the first step; zeros when null or not told. @param key "layer/weight". */
  initial?(slot: string, weight: Float32Array, key: string): Float32Array | null;
  /** The numbers `update` reads in this step. @param step from 1. */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** Pure; call it inside `tf.tidy`. */
  update(tf: Tf, inputs: UpdateInputs): UpdateResult;
}

/** The state key of a variable's slot, which is also its name in checkpoints: "adam.first/layer/weight". */
export function slotKey(optimizer: Pick<Optimizer, 'name'>, slot: string, variable: string): string {
  return `${optimizer.name}.${slot}/${variable}`;
}

/** Reads an entry that the step is known to have. */
export function entryOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value {
  const value = record[name];
  if (value === undefined) throw new Error(`The optimizer was given no ${name}`);
  return value;
}
