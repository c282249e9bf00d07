import { beforeAll, describe, expect, it } from 'vitest';
import type { NativeBackend } from '../addon/binding.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import type { Tf } from '../tf.ts';
import type { CompiledProgram, ProgramFunction } from './compiledProgram.ts';
import { compileProgram } from './compiledProgram.ts';

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.value.tf;
});

const rows = { x: { shape: ['batch', 2], dtype: 'float32' } } as const;
const state = (...values: number[]) =>
  new Map([['sum', { shape: [values.length], data: Float32Array.from(values) }]]);

/** Adds the rows of x to the sum; gives x with the sum before. */
const accumulate: ProgramFunction = {
  inputs: rows,
  run: (values, { x }) => ({
    outputs: { y: tf.add(x!, values.get('sum')!) },
    updates: new Map([['sum', tf.add(values.get('sum')!, tf.sum(x!, 0))]]),
  }),
};

async function compile(functions: Record<string, ProgramFunction>): Promise<CompiledProgram> {
  const program = await compileProgram(tf, { state: state(10, 20), functions });
  if (!program.ok) throw new Error(program.error);
  return program.value;
}

it('is ready for the batch size it was told of, and for others when they come', async () => {
  const program = await compileProgram(tf, { state: state(10, 20), functions: { accumulate } }, 2);
  if (!program.ok) throw new Error(program.error);
  const call = async (x: number[][]) => {
    const { y } = await program.value.call('accumulate', { x: tf.tensor2d(x) });
    return y!.arraySync();
  };
  expect(program.value.batchSizes('accumulate')).toEqual([2]);
  expect(
    await call([
      [1, 2],
      [3, 4],
    ]),
  ).toEqual([
    [11, 22],
    [13, 24],
  ]);
  expect(await call([[0, 0]])).toEqual([[14, 26]]);
  expect(program.value.batchSizes('accumulate')).toEqual([1, 2]);
  program.value.dispose();
});

async function refusal(
  run: ProgramFunction['run'],
  inputs: ProgramFunction['inputs'] = rows,
): Promise<string> {
  const program = await compileProgram(tf, { state: state(1, 2), functions: { run: { inputs, run } } });
  if (program.ok) throw new Error('It was compiled');
  return program.error;
}

describe('a compiled program', () => {
  it('keeps its state from call to call and over new batch sizes', async () => {
    const program = await compile({ accumulate });
    const call = async (x: number[][]) => {
      const { y } = await program.call('accumulate', { x: tf.tensor2d(x) });
      return y!.arraySync();
    };
    expect(await call([[1, 2]])).toEqual([[11, 22]]);
    expect(
      await call([
        [1, 1],
        [0, 0],
        [5, 5],
      ]),
    ).toEqual([
      [12, 23],
      [11, 22],
      [16, 27],
    ]);
    expect(program.batchSizes('accumulate')).toEqual([1, 3]);
    expect([...program.read().get('sum')!.data]).toEqual([17, 28]);
    program.write(state(0, 1));
    expect(await call([[1, 2]])).toEqual([[1, 3]]);
    program.dispose();
  });

  it('leaves the state as it was when a call fails', async () => {
    const backend = tf.backend() as unknown as NativeBackend;
    const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
    const attributes = [
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'message', type: TF_ATTR_STRING, value: 'not a number' },
    ];
    const checked: ProgramFunction = {
      inputs: rows,
      run: (values, { x }) => ({
        outputs: { y: backend.executeSingleOutput('CheckNumerics', attributes, [x!]) },
        updates: new Map([['sum', tf.add(values.get('sum')!, 1)]]),
      }),
    };
    const program = await compile({ checked });
    const x = (value: number) => ({ x: tf.tensor2d([[value, 1]]) });
    await expect(program.call('checked', x(NaN))).rejects.toThrow('not a number');
    expect([...program.read().get('sum')!.data]).toEqual([10, 20]);
    await program.call('checked', x(1));
    expect([...program.read().get('sum')!.data]).toEqual([11, 21]);
    program.dispose();
  });

  it('gives its memory back', async () => {
    const [tensors, sessions] = [tf.memory().numTensors, tf.node.getNumOfSavedModels()];
    const program = await compile({ accumulate });
    for (const batch of [1, 4]) {
      const x = tf.ones([batch, 2]);
      tf.dispose([x, await program.call('accumulate', { x })]);
    }
    expect(tf.node.getNumOfSavedModels()).toBe(sessions + 1);
    expect(tf.memory().numTensors).toBe(tensors);
    program.dispose();
    expect(tf.node.getNumOfSavedModels()).toBe(sessions);
  });

  it('writes no constant as large as the batch, and equal ones once', async () => {
    const program = await compile({
      grow: {
        inputs: rows,
        run: (_, { x }) => ({
          outputs: { y: tf.add(tf.mul(x!, tf.ones(x!.shape)), tf.tensor1d([0.5, 0.25])) },
          updates: new Map(),
        }),
      },
    });
    const { y } = await program.call('grow', { x: tf.ones([1000, 2]) });
    expect(y!.arraySync()).toEqual(new Array(1000).fill([1.5, 1.25]));
    program.dispose();
  });
});

describe('what cannot be compiled is refused with its reason', () => {
  it('numbers that JavaScript draws', async () => {
    const reason = await refusal((_, { x }) => ({
      outputs: { y: tf.mul(x!, Math.random()) },
      updates: new Map(),
    }));
    expect(reason).toContain('changes from run to run');
  });

  it('a decision taken on a value', async () => {
    const reason = await refusal((_, { x }) => ({
      outputs: { y: tf.add(x!, x!.dataSync()[0]!) },
      updates: new Map(),
    }));
    expect(reason).toContain('reads values');
  });

  it('other operations for another batch size', async () => {
    const reason = await refusal((_, { x }) => ({
      outputs: { y: x!.shape[0]! > 2 ? tf.relu(x!) : x! },
      updates: new Map(),
    }));
    expect(reason).toContain('batch size');
  });

  it('a tensor from outside', async () => {
    const outside = tf.add(tf.scalar(1), 1);
    const reason = await refusal((_, { x }) => ({ outputs: { y: tf.mul(x!, outside) }, updates: new Map() }));
    expect(reason).toContain('from outside');
  });
});
