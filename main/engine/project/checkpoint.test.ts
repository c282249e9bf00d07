import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { writeTensors } from './safetensors.ts';

const tensor = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

it('gives back weights, slots of any optimizer and the step', async () => {
  const run = await mkdtemp(path.join(tmpdir(), 'thaw-checkpoint-'));
  const checkpoint = {
    history: [],
    weights: new Map([['dense/kernel', tensor(1, 2)]]),
    optimizer: { step: 7, slots: new Map([['sgd.velocity/dense/kernel', tensor(3, 4)]]) },
  };
  await writeCheckpoint(run, checkpoint, null);
  expect(await readCheckpoint(run)).toEqual({ ok: true, value: checkpoint });
});

it('reads a checkpoint of the first version, which named only Adam’s moments', async () => {
  const run = await mkdtemp(path.join(tmpdir(), 'thaw-checkpoint-'));
  await mkdir(path.join(run, 'checkpoints'));
  await writeTensors(path.join(run, 'checkpoints', 'last.safetensors'), {
    tensors: new Map([
      ['dense/kernel', tensor(1, 2)],
      ['adam.first/dense/kernel', tensor(3, 4)],
      ['adam.second/dense/kernel', tensor(5, 6)],
    ]),
    metadata: { step: '9', history: '[]' },
  });
  const read = await readCheckpoint(run);
  if (!read.ok || read.value === null) throw new Error('not read');
  expect([...read.value.weights.keys()]).toEqual(['dense/kernel']);
  expect(read.value.optimizer.step).toBe(9);
  expect([...read.value.optimizer.slots.keys()]).toEqual([
    'adam.first/dense/kernel',
    'adam.second/dense/kernel',
  ]);
});
