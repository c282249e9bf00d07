import v8 from 'node:v8';
import vm from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { loadTensorFlow } from '../tensorflow.ts';
import type { StateEntry } from './compiledProgram.ts';
import { compileProgram } from './compiledProgram.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Enough small arrays for some to lie where TensorFlow computes on JavaScript's memory instead of copying it. */
const keys = Array.from({ length: 64 }, (_, index) => `weight${index}`);

it('keeps nothing of the memory its state was written from', async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('This test needs the native runtime');
  const { tf } = runtime.value;
  const stateOf = (value: number) =>
    new Map<string, StateEntry>(
      keys.map((key) => [key, { shape: [32], data: new Float32Array(32).fill(value) }]),
    );
  const program = await compileProgram(tf, { state: stateOf(0), functions: {} });
  if (!program.ok) throw new Error(program.error);
  const written = write();
  // What a WeakRef was made of in a turn of the event loop is kept until its end.
  await nextTurn();
  collectGarbage();
  expect(written.filter((memory) => memory.deref() !== undefined)).toEqual([]);
  expect([...program.value.read().values()].map(({ data }) => data[31])).toEqual(keys.map(() => 7));
  program.value.dispose();

  function write(): WeakRef<ArrayBufferLike>[] {
    if (!program.ok) throw new Error(program.error);
    const state = stateOf(7);
    program.value.write(state);
    return [...state.values()].map(({ data }) => new WeakRef(data.buffer));
  }
});
