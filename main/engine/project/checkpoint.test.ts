import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBestWeights, readCheckpoint, settleBest, writeCheckpoint } from './checkpoint.ts';
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

describe('a process killed while it kept the best weights', () => {
  const epoch = (number: number) => ({
    metrics: {
      epoch: number,
      phase: 'head' as const,
      phaseNumber: 1,
      loss: 1,
      accuracy: 0.5,
      valLoss: 1,
      valAccuracy: 0.5,
      learningRate: 0.1,
      seconds: 1,
      imagesPerSecond: 1,
    },
    phaseIndex: 0,
  });
  const at = (...numbers: number[]) => ({
    history: numbers.map(epoch),
    weights: new Map([['dense/kernel', tensor(1, 2)]]),
    optimizer: { step: 7, slots: new Map() },
  });
  const kept = (run: string, number: number, value: number) =>
    writeTensors(path.join(run, 'checkpoints', 'best-next.safetensors'), {
      tensors: new Map([['dense/kernel', tensor(value)]]),
      metadata: { epoch: String(number) },
    });
  const best = async (run: string) => {
    const read = await readBestWeights(run);
    return read.ok ? [...read.value.get('dense/kernel')!.data] : read;
  };

  it('leaves the best of the epochs that have a checkpoint, because the others are trained again', async () => {
    const run = await mkdtemp(path.join(tmpdir(), 'thaw-checkpoint-'));
    await writeCheckpoint(run, at(1), new Map([['dense/kernel', tensor(5)]]));
    await kept(run, 2, 6);
    await writeFile(path.join(run, 'checkpoints', 'last.safetensors.2815120049'), 'half');
    expect(await settleBest(run, at(1))).toEqual({ ok: true, value: undefined });
    expect(await best(run)).toEqual([5]);
    expect((await readdir(path.join(run, 'checkpoints'))).sort()).toEqual([
      'best.safetensors',
      'last.safetensors',
    ]);
  });

  it('takes those whose epoch has its checkpoint', async () => {
    const run = await mkdtemp(path.join(tmpdir(), 'thaw-checkpoint-'));
    await writeCheckpoint(run, at(1), new Map([['dense/kernel', tensor(5)]]));
    await writeCheckpoint(run, at(1, 2), null);
    await kept(run, 2, 6);
    expect(await settleBest(run, at(1, 2))).toEqual({ ok: true, value: undefined });
    expect(await best(run)).toEqual([6]);
  });
});
