import { beforeAll, describe, expect, it } from 'vitest';
import type { NativeBackend } from './binding.ts';
import { keepOwnMemory } from './ownMemory.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import type { Tf } from '../tf.ts';

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok || runtime.value.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.value.tf;
});

/** Below and above what is laid out in one place for all calls. About half of such arrays are aligned, and would be lent. */
const sizes = [...Array.from({ length: 40 }, (_, at) => 8 * (at + 1)), 40_960, 300_000, 1_000_000, 1_000_001];

describe('memory of tensors', () => {
  it.each([
    ['float32', (size: number) => new Float32Array(size)],
    ['int32', (size: number) => new Int32Array(size)],
    ['bool', (size: number) => new Uint8Array(size)],
  ] as const)(
    'is TensorFlow’s own: %s arrays may change, and be collected, after the call',
    (dtype, make) => {
      for (const size of sizes) {
        const values = make(size).fill(1);
        const tensor = tf.tensor1d(values, dtype);
        // A tensor reaches TensorFlow with the first operation that reads it.
        const first = tf.slice(tensor, 0, 1);
        values.fill(0);
        const read = tensor.dataSync();
        expect([read.length, read[0], read[size - 1]]).toEqual([size, 1, 1]);
        tf.dispose([tensor, first]);
      }
    },
  );

  it('keeps the values of several tensors apart, and what is a part of an array', () => {
    const whole = Float32Array.from({ length: 100 }, (_, at) => at);
    const tensors = [10, 20, 30].map((start) => tf.tensor1d(whole.subarray(start, start + 5)));
    const sum = tf.addN(tensors);
    expect([...sum.dataSync()]).toEqual([60, 63, 66, 69, 72]);
    tf.dispose([...tensors, sum]);
  });

  it('bears tensors without values, and text', () => {
    const none = tf.concat([tf.tensor2d([], [0, 3]), tf.tensor2d([[1, 2, 3]])]);
    expect(none.arraySync()).toEqual([[1, 2, 3]]);
    const words = tf.reshape(tf.tensor1d(['frozen', 'thawed']), [2, 1]);
    expect(words.arraySync()).toEqual([['frozen'], ['thawed']]);
    tf.dispose([none, words]);
  });

  it('refuses a library that would not copy', () => {
    const held = new Map<number, Float32Array>();
    const lending = {
      TF_FLOAT: 1,
      createTensor: (_shape: number[], _dtype: number, values: Float32Array) => {
        held.set(held.size, values);
        return held.size - 1;
      },
      tensorDataSync: (id: number) => held.get(id),
      deleteTensor: (id: number) => held.delete(id),
    };
    expect(() => {
      keepOwnMemory({ binding: lending } as unknown as NativeBackend);
    }).toThrow('does not copy');
  });
});
