import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NativeBackend } from '../addon/binding.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import type { Tf } from '../tf.ts';
import type { ProgramFunction } from './compiledProgram.ts';
import { compileProgram } from './compiledProgram.ts';
import { computesAfter, updatesInPlace } from './hints.ts';
import { whatIsNeeded } from './needed.ts';
import { recordAt } from './recordFunction.ts';
import { shapesOnly } from './shapes/shapesOnly.ts';

let tf: Tf;
let backend: NativeBackend;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.value.tf;
  backend = tf.backend() as unknown as NativeBackend;
});

const entry = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const state = new Map([
  ['weight', entry(1, 2)],
  ['velocity', entry(0.5, -0.5)],
]);

/** Momentum 0.5 and rate 0.1 on the rows' sum of the weight less `decay` of it, with more results and updates by `more`. */
function descent(
  decay = 0,
  more: (
    weight: Tensor,
    velocity: Tensor,
  ) => { outputs?: Record<string, Tensor>; weight?: Tensor } = () => ({}),
): ProgramFunction {
  return {
    inputs: { x: { shape: ['batch', 2], dtype: 'float32' } },
    run(values, { x }) {
      const gradient = tf.sum(x!, 0);
      const [given, beforeVelocity] = [values.get('weight')!, values.get('velocity')!];
      const before = decay === 0 ? given : tf.sub(given, tf.mul(given, decay));
      const velocity = tf.sub(tf.mul(beforeVelocity, 0.5), tf.mul(gradient, 0.1));
      const weight = tf.add(before, velocity);
      updatesInPlace(tf, () => ({
        name: 'ResourceApplyKerasMomentum',
        flags: { use_locking: false, use_nesterov: false },
        variables: [
          { before, after: weight },
          { before: beforeVelocity, after: velocity },
        ],
        inputs: [tf.scalar(0.1), gradient, tf.scalar(0.5)],
      }));
      const further = more(weight, velocity);
      return {
        outputs: { sum: tf.sum(before), ...further.outputs },
        updates: new Map([
          ['weight', further.weight ?? weight],
          ['velocity', velocity],
        ]),
      };
    },
  };
}

describe('an update that one operation can do in place', () => {
  it.each([
    ['is done by it', descent(), 1],
    ['is done by it after the weights decayed', descent(0.25), 1],
    [
      'is not where its outcome is also given',
      descent(0, (weight) => ({ outputs: { given: tf.sum(weight) } })),
      0,
    ],
    ['is not where another value is written', descent(0, (weight) => ({ weight: tf.mul(weight, 2) })), 0],
  ])('%s, and the state moves as it would', async (_, step, used) => {
    const recorded = recordAt(tf, backend, step, state, 2, shapesOnly(backend.binding));
    expect(whatIsNeeded(recorded).updates).toHaveLength(used);
    const program = await compileProgram(tf, { state, functions: { step } });
    if (!program.ok) throw new Error(program.error);
    const values = new Map<string, Tensor>([...state].map(([key, { data }]) => [key, tf.tensor1d(data)]));
    for (const x of [tf.tensor2d([[1, 2]]), tf.tensor2d([[-3, 0.5]])]) {
      const eager = step.run(values, { x });
      const outputs = await program.value.call('step', { x });
      for (const [name, tensor] of Object.entries(eager.outputs))
        expect(outputs[name]!.dataSync()[0], name).toBeCloseTo(tensor.dataSync()[0]!, 6);
      for (const [key, value] of eager.updates) values.set(key, value);
      const after = program.value.read();
      for (const [key, tensor] of values)
        expect(after.get(key)!.data, key).toEqual(Float32Array.from(tensor.dataSync()));
    }
    program.value.dispose();
  });
});

it('an update in place is not done when the call fails', async () => {
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'message', type: TF_ATTR_STRING, value: 'not a number' },
  ];
  const step = descent(0, () => ({}));
  const checked: ProgramFunction = {
    inputs: step.inputs,
    run(values, given) {
      const { outputs, updates } = step.run(values, given);
      const checkedSum = backend.executeSingleOutput('CheckNumerics', attributes, [tf.sum(given['x']!)]);
      return { outputs: { ...outputs, checkedSum }, updates };
    },
  };
  const program = await compileProgram(tf, { state, functions: { checked } });
  if (!program.ok) throw new Error(program.error);
  await expect(program.value.call('checked', { x: tf.tensor2d([[NaN, 1]]) })).rejects.toThrow('not a number');
  expect([...program.value.read().get('weight')!.data]).toEqual([1, 2]);
  program.value.dispose();
});

it('what is computed again waits for what asks for it, with the same result', async () => {
  const twice: ProgramFunction = {
    inputs: { x: { shape: ['batch', 2], dtype: 'float32' } },
    run(_, { x }) {
      const first = tf.sigmoid(x!);
      const again = tf.sigmoid(x!);
      computesAfter(tf, again, first);
      return { outputs: { sum: tf.sum(tf.add(first, again)) }, updates: new Map() };
    },
  };
  const recorded = recordAt(tf, backend, twice, state, 2, backend.binding);
  const sigmoids = recorded.operations.filter(({ name }) => name === 'Sigmoid');
  expect(sigmoids.map(({ after }) => after)).toEqual([[], [{ from: 'operation', index: 0, output: 0 }]]);
  const program = await compileProgram(tf, { state, functions: { twice } });
  if (!program.ok) throw new Error(program.error);
  const { sum } = await program.value.call('twice', { x: tf.tensor2d([[0, 0]]) });
  expect(sum!.dataSync()[0]).toBe(2);
  program.value.dispose();
});
