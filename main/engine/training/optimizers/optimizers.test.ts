import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../network/index.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import { plateauFactorAfter, rateAt } from '../schedule.ts';
import { clipByGlobalNorm } from '../step/clipping.ts';
import { adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';
import {
  averageSlot,
  withAccumulation,
  withAverage,
  withRates,
  withStartingPoint,
  withWeightDecay,
} from './wrappers.ts';

type Values = Record<string, number[]>;
const names = ['dense/kernel', 'dense/bias'];
const steps = 6;
const learningRate = 0.05;
const random = createRandom(3, 'gradients');
const draw = (): number[] => Array.from({ length: 5 }, () => random.uniform(-1, 1));
const drawAll = (): Values => Object.fromEntries(names.map((name) => [name, draw()]));
const start = drawAll();
const gradients = Array.from({ length: steps }, drawAll);

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
});

/** The rule over the given gradients; gives values and slots. */
function run(optimizer: Optimizer, all: readonly Values[] = gradients, clip = 0) {
  return tf.tidy(() => {
    const values = new Map<string, Tensor>(names.map((name) => [name, tf.tensor1d(start[name]!)]));
    const slots = new Map<string, Record<string, Tensor>>(
      names.map((name) => [
        name,
        Object.fromEntries(
          optimizer.slots.map((slot) => {
            const initial = optimizer.initial?.(slot, Float32Array.from(start[name]!), name);
            return [slot, tf.tensor1d(initial ?? new Float32Array(5))];
          }),
        ),
      ]),
    );
    for (const [index, given] of all.entries()) {
      const scalars = Object.fromEntries(
        Object.entries(optimizer.scalars(index + 1, learningRate)).map(([name, value]) => [
          name,
          tf.scalar(value),
        ]),
      );
      const clipped = clipByGlobalNorm(
        tf,
        names.map((name) => tf.tensor1d(given[name]!)),
        clip,
      );
      for (const [at, key] of names.entries()) {
        const updated = optimizer.update(tf, {
          key,
          value: values.get(key)!,
          gradient: clipped[at]!,
          slots: slots.get(key)!,
          scalars,
        });
        values.set(key, updated.value);
        slots.set(key, { ...updated.slots });
      }
    }
    const read = (tensor: Tensor): number[] => [...tensor.dataSync()];
    return {
      values: Object.fromEntries(names.map((name) => [name, read(values.get(name)!)])),
      slots: Object.fromEntries(
        names.map((name) => [
          name,
          Object.fromEntries(Object.entries(slots.get(name)!).map(([slot, tensor]) => [slot, read(tensor)])),
        ]),
      ),
    };
  });
}

function expectClose(actual: Values, expected: Values, what: string): void {
  for (const name of names)
    for (const [at, value] of expected[name]!.entries())
      expect(Math.abs(actual[name]![at]! - value), `${what} ${name}[${at}]`).toBeLessThan(2e-6);
}

describe.skipIf(judgeMissing !== null)(`optimizers and schedules against Keras ${judgeMissing ?? ''}`, () => {
  const cases: { title: string; optimizer: Optimizer; clip?: number; kind: string; options: object }[] = [
    { title: 'Adam', optimizer: adam(), kind: 'adam', options: {} },
    { title: 'SGD', optimizer: sgd({ momentum: 0 }), kind: 'sgd', options: {} },
    { title: 'momentum', optimizer: sgd(), kind: 'sgd', options: { momentum: 0.9 } },
    {
      title: 'Nesterov',
      optimizer: sgd({ nesterov: true }),
      kind: 'sgd',
      options: { momentum: 0.9, nesterov: true },
    },
    {
      title: 'AdamW, biases not decayed',
      optimizer: withWeightDecay(adam(), 0.1),
      kind: 'adamw',
      options: { weight_decay: 0.1 },
    },
    { title: 'clipping', optimizer: adam(), clip: 0.5, kind: 'adam', options: { global_clipnorm: 0.5 } },
    {
      title: 'moving average',
      optimizer: withAverage(sgd(), 0.8),
      kind: 'sgd',
      options: { momentum: 0.9, use_ema: true, ema_momentum: 0.8 },
    },
  ];
  const cosine = { learningRate: 0.1, warmupSteps: 4, totalSteps: 20 };
  const plateau = [1, 0.9, 0.95, 0.91, 0.92, 0.5, 0.49995, 0.49999, 0.49994, 0.49993];

  it('agree step by step', async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'thaw-optimizers-')), 'case.json');
    const doubled = gradients
      .filter((_, at) => at % 2 === 0)
      .map((first, at) => {
        const second = gradients[2 * at + 1]!;
        return Object.fromEntries(
          names.map((name) => [name, first[name]!.map((value, i) => (value + second[name]![i]!) / 2)]),
        );
      });
    const optimizers = [
      ...cases.map(({ kind, options }) => ({ kind, options, learningRate, start, gradients })),
      { kind: 'adam', options: {}, learningRate, start, gradients: doubled },
    ];
    await writeFile(file, JSON.stringify({ optimizers, cosine, plateau }));
    const keras = JSON.parse(await runJudge('optimizers.py', [file])) as {
      optimizers: { values: Values; average?: Values }[];
      cosine: number[];
      plateau: number[];
    };
    for (const [at, { title, optimizer, clip }] of cases.entries()) {
      const ours = run(optimizer, gradients, clip);
      const theirs = keras.optimizers[at]!;
      expectClose(ours.values, theirs.values, title);
      if (theirs.average === undefined) continue;
      const averages = Object.fromEntries(names.map((name) => [name, ours.slots[name]![averageSlot]!]));
      expectClose(averages, theirs.average, `${title}'s average`);
    }
    expectClose(
      run(withAccumulation(adam(), 2)).values,
      keras.optimizers.at(-1)!.values,
      'accumulated over two steps',
    );
    for (const [step, rate] of keras.cosine.entries())
      expect(rateAt({ schedule: 'cosine', ...cosine }, step + 1)).toBeCloseTo(rate, 6);
    for (const [epoch, rate] of keras.plateau.entries())
      expect(plateauFactorAfter(plateau.slice(0, epoch).map((valLoss) => ({ valLoss })))).toBeCloseTo(
        rate,
        6,
      );
  });
});

describe('optimizers', () => {
  it('move a variable by its factor of the learning rate', () => {
    const rated = run(withRates(adam(), (key) => (key.endsWith('kernel') ? 0.1 : 1)));
    const whole = run(adam());
    const slow = run({ ...adam(), scalars: (step) => adam().scalars(step, learningRate * 0.1) });
    expectClose(
      { ...rated.values, 'dense/bias': whole.values['dense/bias']! },
      { 'dense/kernel': slow.values['dense/kernel']!, 'dense/bias': whole.values['dense/bias']! },
      'rates',
    );
    expect(rated.values['dense/bias']).toEqual(whole.values['dense/bias']);
  });

  it('pull towards the starting point by strength × distance (L2-SP, eq. 2)', () => {
    const strength = 0.3;
    const plain = sgd({ momentum: 0 });
    const pulled = run(withStartingPoint(plain, (key) => (key.endsWith('kernel') ? strength : 0)));
    let expected = [...start['dense/kernel']!];
    for (const given of gradients)
      expected = expected.map(
        (value, at) =>
          value -
          learningRate * (given['dense/kernel']![at]! + strength * (value - start['dense/kernel']![at]!)),
      );
    expectClose(
      { ...pulled.values },
      { 'dense/kernel': expected, 'dense/bias': run(plain).values['dense/bias']! },
      'L2-SP',
    );
    expect(pulled.slots['dense/kernel']!['start']).toEqual([...Float32Array.from(start['dense/kernel']!)]);
  });

  it('pull towards the pretrained weights, also where training begins elsewhere', () => {
    const pretrained = Float32Array.from([0.5, -1, 2, 0.25, -0.125]);
    const plain = sgd({ momentum: 0 });
    const pulled = run(
      withStartingPoint(
        plain,
        (key) => (key.endsWith('kernel') ? 0.3 : 0),
        () => pretrained,
      ),
    );
    let expected = [...start['dense/kernel']!];
    for (const given of gradients)
      expected = expected.map(
        (value, at) => value - learningRate * (given['dense/kernel']![at]! + 0.3 * (value - pretrained[at]!)),
      );
    expectClose(
      pulled.values,
      { 'dense/kernel': expected, 'dense/bias': run(plain).values['dense/bias']! },
      'L2-SP',
    );
  });

  it('go through one cycle: up from a 25th over 30 %, down to almost nothing', () => {
    const options = { schedule: 'one-cycle', learningRate: 1, warmupSteps: 0, totalSteps: 100 } as const;
    const rates = Array.from({ length: 100 }, (_, at) => rateAt(options, at + 1));
    expect(rates[0]).toBeCloseTo(1 / 25, 10);
    expect(rates.indexOf(Math.max(...rates))).toBe(30);
    expect(rates[30]).toBe(1);
    expect(rates[15]).toBeCloseTo((1 + 1 / 25) / 2, 6);
    expect(rates[99]).toBeCloseTo(1 / 250_000, 10);
  });
});
