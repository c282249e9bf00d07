import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import type { JobEvent } from '../../../../shared/ipc/events.ts';
import type { JobContext } from '../../jobs/context.ts';
import { quietContext } from '../../jobs/context.ts';
import { builtEntry } from '../../runtime/packageRoot.ts';
import { colourClasses } from '../../testing/colourDataset.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';
import { numbers, recording } from '../../testing/runs.ts';

const { dataset, place, settings } = await makeColourRuns(4);

describe('training from end to end', () => {
  it('learns, writes a run that evaluates and predicts, and says what it did', async () => {
    const out = path.join(place, 'learns');
    const { context, events } = recording();
    const result = must(await operations.train(settings({ epochs: 8 }), out, context));
    expect(result.best.valAccuracy).toBeGreaterThan(0.8);
    expect(result).toMatchObject({
      run: out,
      classes: [...colourClasses],
      parameters: { trainable: 1280 * 3 + 3 },
      layers: { trainable: 1 },
      cut: 'probabilities',
    });
    expect(result.images.train + result.images.validation).toBe(42);
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['scan', 'features', 'phase', 'batch', 'epoch'] as const)
      expect(types).toContain(type);
    expect((await readdir(out)).sort()).toEqual([
      'checkpoints',
      'layers.json',
      'metrics.jsonl',
      'model',
      'result.json',
      'run.json',
      'run.log',
      'split.json',
    ]);
    const lines = (await readFile(path.join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(result.epochs);
    expect(await readFile(path.join(out, 'model', 'labels.txt'), 'utf8')).toBe('blue\ngreen\nred\n');

    const evaluated = recording();
    const evaluation = must(await operations.evaluate(out, dataset, evaluated.context));
    expect(evaluation.images).toBe(42);
    expect(evaluation.accuracy).toBeGreaterThan(0.8);
    expect(JSON.stringify(evaluated.events)).toContain('flatters');
    const own = must(await operations.evaluate(out, null, quietContext()));
    expect(own.images).toBe(result.images.validation);
    expect(own.accuracy).toBeCloseTo(result.best.valAccuracy, 12);
    const image = path.join(dataset, 'red', 'red-0.jpg');
    const [prediction] = must(await operations.predict(out, [image], quietContext()));
    expect(prediction!.label).toBe('red');
    expect(Object.keys(prediction!.probabilities)).toEqual([...colourClasses]);
    expect(Object.values(prediction!.probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    const request = {
      model: out,
      images: [image],
      layer: null,
      weights: null,
      resize: 'squash' as const,
      preprocess: null,
    };
    const [row] = must(await operations.features(request, quietContext()));
    expect(row).toMatchObject({ shape: [1280] });
    expect(row!.features).toHaveLength(1280);
  });

  it('gives the same numbers for the same seed, with dropout and hidden units, and others for another', async () => {
    const wanted = settings({ headUnits: [8], dropout: 0.3, classWeights: 'auto' });
    const one = must(await operations.train(wanted, path.join(place, 'seed-a'), quietContext()));
    const same = must(await operations.train(wanted, path.join(place, 'seed-b'), quietContext()));
    const other = must(
      await operations.train({ ...wanted, seed: 1 }, path.join(place, 'seed-c'), quietContext()),
    );
    expect(numbers(same)).toEqual(numbers(one));
    expect(numbers(other)).not.toEqual(numbers(one));
  });

  it('ends with the metrics of an uninterrupted run after kill -9 in either phase and thaw resume', async () => {
    const wanted = settings({
      epochs: 3,
      fineTuneEpochs: 3,
      thawFrom: 'block_16',
      fineTuneLearningRate: 1e-3,
      batchNorm: 'update',
    });
    const whole = must(await operations.train(wanted, path.join(place, 'whole'), quietContext()));
    expect(whole.epochs.map(({ phase }) => phase)).toEqual([
      'head',
      'head',
      'head',
      'fine-tune',
      'fine-tune',
      'fine-tune',
    ]);
    expect(whole.cut).toBe('block_16_expand');
    for (const epochs of [2, 3, 4]) {
      const out = path.join(place, `killed-${epochs}`);
      await trainAndKill(wanted, out, epochs);
      const resumed = must(await operations.resume(out, quietContext()));
      expect(numbers(resumed)).toEqual(numbers(whole));
      expect(resumed.best).toEqual(whole.best);
    }
    const again = must(await operations.resume(path.join(place, 'whole'), quietContext()));
    expect(numbers(again)).toEqual(numbers(whole));
  });

  it('cancels between batches and can go on', async () => {
    const abort = new AbortController();
    const context: JobContext = {
      ...quietContext(),
      signal: abort.signal,
      emit: (event) => {
        if (event.type === 'epoch' && event.metrics.epoch === 2) abort.abort();
      },
    };
    const out = path.join(place, 'cancelled');
    const cancelled = await operations.train(settings(), out, context);
    expect(!cancelled.ok && cancelled.error.code).toBe('cancelled');
    const unfinished = await operations.evaluate(out, dataset, quietContext());
    expect(!unfinished.ok && unfinished.error.remedy).toContain('thaw resume');
    expect(must(await operations.resume(out, quietContext())).epochs).toHaveLength(4);
  });

  it('stops early and keeps the best epoch', async () => {
    const wanted = settings({ epochs: 60, earlyStop: 2, learningRate: 1 });
    const result = must(await operations.train(wanted, path.join(place, 'early'), quietContext()));
    expect(result.epochs.length).toBeLessThan(60);
    const top = Math.max(...result.epochs.map(({ valAccuracy }) => valAccuracy));
    expect(result.best.valAccuracy).toBe(top);
  });
});

/** Trains in a process of its own and kills it without warning once an epoch is reported. */
async function trainAndKill(wanted: TrainSettings, out: string, epochs: number): Promise<void> {
  const args = [
    'train',
    dataset,
    '--out',
    out,
    '--progress',
    'ndjson',
    '--epochs',
    `${wanted.epochs}`,
    '--early-stop',
    '0',
    '--image-size',
    '64',
  ];
  args.push(
    '--fine-tune-epochs',
    `${wanted.fineTuneEpochs}`,
    '--thaw-from',
    wanted.thawFrom!,
    '--batch-norm',
    wanted.batchNorm,
  );
  args.push('--fine-tune-learning-rate', `${wanted.fineTuneLearningRate}`);
  const child = spawn(process.execPath, [builtEntry('cli'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  for await (const line of createInterface({ input: child.stderr })) {
    if (!line.startsWith('{')) continue;
    const { body } = JSON.parse(line) as JobEvent;
    if (body.type === 'epoch' && body.metrics.epoch === epochs) child.kill('SIGKILL');
  }
  expect(await exited).toBe('SIGKILL');
}
