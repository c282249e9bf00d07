import type { RecordedConstant, Recording, Values } from './recording.ts';
import { NotRecordable } from './recording.ts';

/** A number that is `base + perItem × batch`. */
interface Linear {
  readonly base: number;
  readonly perItem: number;
}

type ConstantForm =
  | { readonly kind: 'same'; readonly constant: RecordedConstant }
  | {
      readonly kind: 'fill';
      readonly dtype: number;
      readonly shape: readonly Linear[];
      readonly value: Linear;
    }
  | {
      readonly kind: 'list';
      readonly dtype: number;
      readonly shape: readonly number[];
      readonly values: readonly Linear[];
    };

/** A constant at one batch size: filled ones are not written out. */
export type Constant =
  | ({ readonly kind: 'values' } & RecordedConstant)
  | {
      readonly kind: 'fill';
      readonly dtype: number;
      readonly shape: readonly number[];
      readonly value: number;
    };

/** A recording with the batch size left open. */
export interface AnyBatch {
  readonly operations: Recording['operations'];
  readonly results: Recording['results'];
  readonly updates: Recording['updates'];
  constant(index: number, batch: number): Constant;
}

/** The small batches a function is recorded at: two fix how a number depends on the batch, the third checks it. */
export const recordedBatches = [2, 3, 5] as const;

/**
 * Learns from recordings at `recordedBatches` what a function does at any batch size, so that no full batch has to be
 * run operation by operation. The recordings must have the same operations, and constants that depend linearly on
 * the batch; anything else, such as numbers drawn at random by JavaScript, cannot be compiled.
 * @throws NotRecordable
 */
export function anyBatch(recordings: readonly [Recording, Recording, Recording]): AnyBatch {
  const [first, ...others] = recordings;
  for (const other of others) requireSame(first, other);
  const forms = first.constants.map((constant, index) =>
    formOf([constant, constantOf(recordings[1], index), constantOf(recordings[2], index)]),
  );
  return {
    operations: first.operations,
    results: first.results,
    updates: first.updates,
    constant(index, batch) {
      const form = forms[index];
      if (form === undefined) throw new Error(`There is no constant ${index}`);
      return at(form, batch);
    },
  };
}

function requireSame(one: Recording, other: Recording): void {
  const same =
    one.operations.length === other.operations.length && one.constants.length === other.constants.length;
  if (!same) throw new NotRecordable('the step does other operations for another batch size');
  for (const [index, operation] of one.operations.entries())
    if (JSON.stringify(operation) !== JSON.stringify(other.operations[index]))
      throw new NotRecordable(`${operation.name} is another operation for another batch size`);
  if (JSON.stringify([[...one.results], one.updates]) !== JSON.stringify([[...other.results], other.updates]))
    throw new NotRecordable('the step gives other results for another batch size');
}

function constantOf(recording: Recording, index: number): RecordedConstant {
  const constant = recording.constants[index];
  if (constant === undefined) throw new Error('Recordings of one length differ');
  return constant;
}

type Three<Value> = readonly [Value, Value, Value];

function formOf(three: Three<RecordedConstant>): ConstantForm {
  const [one, two, last] = three;
  const { dtype } = one;
  if (two.dtype !== dtype || last.dtype !== dtype || two.shape.length !== one.shape.length)
    throw new NotRecordable('a constant has another type for another batch size');
  const shape = one.shape.map((length, axis) =>
    linear([length, two.shape[axis] ?? 0, last.shape[axis] ?? 0], 'a constant’s shape'),
  );
  if (one.values.length > 1 && three.every(({ values }) => isUniform(values))) {
    const value = linear([one.values[0] ?? 0, two.values[0] ?? 0, last.values[0] ?? 0], 'a constant');
    return { kind: 'fill', dtype, shape, value };
  }
  if (shape.some(({ perItem }) => perItem !== 0))
    throw new NotRecordable('a constant has a value of its own for each image');
  if (three.every(({ values }) => equal(values, one.values))) return { kind: 'same', constant: one };
  const values = [...one.values].map((value, index) =>
    linear([value, two.values[index] ?? 0, last.values[index] ?? 0], 'a constant'),
  );
  return { kind: 'list', dtype, shape: one.shape, values };
}

/** Fits the first two numbers and holds the third against them, in the constants' own precision. */
function linear([one, two, last]: Three<number>, what: string): Linear {
  const [a, b, c] = recordedBatches;
  const perItem = (two - one) / (b - a);
  const base = one - perItem * a;
  if (Math.fround(base + perItem * c) !== Math.fround(last) && !Number.isNaN(last))
    throw new NotRecordable(`${what} changes from run to run, or not in step with the batch size`);
  return { base, perItem };
}

function at(form: ConstantForm, batch: number): Constant {
  const value = ({ base, perItem }: Linear): number => base + perItem * batch;
  switch (form.kind) {
    case 'same':
      return { kind: 'values', ...form.constant };
    case 'fill':
      return { kind: 'fill', dtype: form.dtype, shape: form.shape.map(value), value: value(form.value) };
    case 'list':
      return {
        kind: 'values',
        dtype: form.dtype,
        shape: form.shape,
        values: typed(form.dtype, form.values.map(value)),
      };
  }
}

/** Values of a DataType: 1 is float32, 10 is bool, the rest are whole numbers. */
export function typed(dtype: number, values: readonly number[]): Values {
  if (dtype === 1) return Float32Array.from(values);
  return dtype === 10 ? Uint8Array.from(values) : Int32Array.from(values);
}

function isUniform(values: Values): boolean {
  const [first] = values;
  return values.every((value) => Object.is(value, first));
}

function equal(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
