import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainResult, TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import type { Result } from '../../../shared/result.ts';
import type { JobContext } from '../jobs/context.ts';
import { quietContext } from '../jobs/context.ts';
import { builtEntry } from '../runtime/packageRoot.ts';
import { colourClasses, makeColourDataset } from '../testing/colourDataset.ts';
import { sharedData } from '../testing/judge.ts';
import { operations } from './index.ts';
import { must } from '../testing/must.ts';

let dataset: string;
let place: string;
const shared = sharedData();

beforeAll(async () => {
  dataset = await makeColourDataset(14);
  place = await mkdtemp(path.join(tmpdir(), 'thaw-runs-'));
});

const settings = (more: Partial<TrainSettings> = {}): TrainSettings => ({
  ...defaultTrainSettings,
  dataset,
  epochs: 4,
  earlyStop: 0,
  imageSize: 64,
  ...more,
});

const numbers = ({ epochs }: Pick<TrainResult, 'epochs'>) =>
  epochs.map(({ epoch, phase, loss, accuracy, valLoss, valAccuracy }) => [
    epoch,
    phase,
    loss,
    accuracy,
    valLoss,
    valAccuracy,
  ]);

function recording(): { context: JobContext; events: JobEvent['body'][] } {
  const events: JobEvent['body'][] = [];
  return { events, context: { ...quietContext(), emit: (event) => events.push(event) } };
}

describe('augmentation', () => {
  it('trains on kept views that come round, and the same again for the same seed', async () => {
    const choice = { augment: 'light', augmentViews: 2, epochs: 4 } as const;
    const first = recording();
    const result = must(await operations.train(settings(choice), path.join(place, 'views'), first.context));
    // Validation images once, training images in two views; the third and fourth epoch compute nothing.
    const passes = first.events.filter((event) => event.type === 'features' && event.done === event.total);
    expect(passes.map((event) => (event.type === 'features' ? event.total : 0))).toEqual([
      result.images.validation,
      result.images.train,
      result.images.train,
    ]);
    const again = must(
      await operations.train(settings(choice), path.join(place, 'views-again'), quietContext()),
    );
    expect(numbers(again)).toEqual(numbers(result));
    const plain = must(await operations.train(settings(), path.join(place, 'plain'), quietContext()));
    expect(numbers(plain)).not.toEqual(numbers(result));
    expect(plain.epochs.at(-1)!.loss).toBeLessThan(result.epochs.at(-1)!.loss);
  });

  it('streams new views through thawed layers, mixes images, and learns', async () => {
    const choice = {
      freeze: 'none',
      augment: 'strong',
      mixup: 0.2,
      cutmix: 1,
      epochs: 3,
      learningRate: 1e-3,
      imageSize: 32,
    } as const;
    const result = must(
      await operations.train(settings(choice), path.join(place, 'streams'), quietContext()),
    );
    expect(result.runtime.prefix).toContain('every layer trains');
    expect(result.epochs.at(-1)!.valLoss).toBeLessThan(Math.log(3));
    const again = must(
      await operations.train(settings(choice), path.join(place, 'streams-again'), quietContext()),
    );
    expect(numbers(again)).toEqual(numbers(result));
  });
});

describe('recipes', () => {
  const recipe = {
    thawFrom: 'block_16',
    epochs: 1,
    fineTuneEpochs: 3,
    fineTuneLearningRate: 1e-3,
    optimizer: 'adamw',
    schedule: 'cosine',
    warmupEpochs: 0.5,
    labelSmoothing: 0.1,
    clipNorm: 1,
    accumulate: 2,
    averageMomentum: 0.5,
    l2sp: 0.01,
    rateDecay: 0.4,
    gradualUnfreeze: 2,
    batchSize: 8,
  } as const;

  it('go on after an interruption as if there had been none', async () => {
    const straight = must(
      await operations.train(settings(recipe), path.join(place, 'recipe'), quietContext()),
    );
    const rates = straight.epochs.map(({ learningRate }) => learningRate);
    expect(rates.at(-1)).toBeLessThan(recipe.fineTuneLearningRate);
    const out = path.join(place, 'recipe-cut');
    const abort = new AbortController();
    const interrupted = await operations.train(settings(recipe), out, {
      ...quietContext(),
      signal: abort.signal,
      emit: (event) => {
        if (event.type === 'epoch' && event.metrics.epoch === 3) abort.abort();
      },
    });
    expect(interrupted).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const resumed = must(await operations.resume(out, quietContext()));
    expect(numbers(resumed)).toEqual(numbers(straight));
    const [whole, pieces] = await Promise.all(
      ['recipe', 'recipe-cut'].map((name) => readFile(path.join(place, name, 'model', 'weights.bin'))),
    );
    expect(pieces!.equals(whole!)).toBe(true);
    const evaluated = must(await operations.evaluate(out, null, quietContext()));
    expect(evaluated.accuracy).toBeCloseTo(resumed.best.valAccuracy, 12);
  });

  it('find a learning rate for the head', async () => {
    const curve = must(await operations.findLearningRate(settings({ batchSize: 8 }), quietContext()));
    expect(curve).toMatchObject({ phase: 'head', cut: 'probabilities' });
    expect(curve.points.length).toBeGreaterThan(20);
    expect(curve.suggested).toBeGreaterThan(1e-5);
    expect(curve.suggested).toBeLessThan(1);
  });
});

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

describe('what cannot be trained', () => {
  const failed = async (result: Promise<Result<unknown>>) => {
    const ended = await result;
    if (ended.ok) throw new Error('It did not fail');
    return ended.error;
  };

  it('leaves a folder that is not empty, or may not be written, as it is', async () => {
    const full = path.join(place, 'full');
    await mkdir(full);
    await writeFile(path.join(full, 'mine.txt'), 'mine');
    const error = await failed(operations.train(settings(), full, quietContext()));
    expect(error).toMatchObject({ code: 'output-exists' });
    expect(await readdir(full)).toEqual(['mine.txt']);
    const file = path.join(full, 'mine.txt', 'run');
    expect(await failed(operations.train(settings(), file, quietContext()))).toMatchObject({
      code: 'output-unwritable',
    });
    if (process.getuid?.() !== 0 && process.platform !== 'win32') {
      const closed = path.join(place, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      const refused = await failed(operations.train(settings(), path.join(closed, 'run'), quietContext()));
      expect(refused.code).toBe('output-unwritable');
    }
  });

  it('names a layer, a backbone and a validation class that are not there', async () => {
    const out = path.join(place, 'never');
    const layer = await failed(operations.train(settings({ thawFrom: 'block_99' }), out, quietContext()));
    expect(layer.message).toContain('block_99');
    const backbone = await failed(
      operations.train(settings({ backbone: 'nothing-like-it' }), out, quietContext()),
    );
    expect(backbone.code).toBe('input-missing');
    const other = await makeColourDataset(2, 9);
    await mkdir(path.join(other, 'violet'));
    await writeFile(
      path.join(other, 'violet', 'a.jpg'),
      await readFile(path.join(other, 'red', 'red-0.jpg')),
    );
    await rm(path.join(other, 'red', 'red-0.jpg'));
    const labels = await failed(operations.train(settings({ validation: other }), out, quietContext()));
    expect(labels).toMatchObject({ code: 'labels-differ', found: 'violet' });
    expect((await readdir(place)).includes('never')).toBe(false);
  });

  it('does not go on with data that have changed', async () => {
    const own = await makeColourDataset(4, 5);
    const out = path.join(place, 'changed');
    const abort = new AbortController();
    const emit: JobContext['emit'] = (event) => {
      if (event.type === 'epoch') abort.abort();
    };
    await operations.train(settings({ dataset: own }), out, {
      ...quietContext(),
      signal: abort.signal,
      emit,
    });
    await rm(path.join(own, 'red', 'red-1.jpg'));
    const error = await failed(operations.resume(out, quietContext()));
    expect(error.message).toContain('has changed');
  });
});

describe.skipIf(shared === null)('a GraphModel backbone (needs ../shared/data)', () => {
  it('trains a head, evaluates and predicts, and refuses to be thawed', async () => {
    const backbone = path.join(shared!, 'weights', 'mobilenet_v1_0.25_224_tfjs_graph');
    const out = path.join(place, 'graph');
    const wanted = settings({ backbone, imageSize: null, epochs: 6 });
    const result = must(await operations.train(wanted, out, quietContext()));
    const evaluation = must(await operations.evaluate(out, dataset, quietContext()));
    expect(evaluation.accuracy).toBeGreaterThanOrEqual(result.best.valAccuracy - 0.2);
    expect(evaluation.accuracy).toBeGreaterThan(0.6);
    const thawed = await operations.train(
      { ...wanted, freeze: 'none' },
      path.join(place, 'graph2'),
      quietContext(),
    );
    expect(!thawed.ok && thawed.error.message).toContain('GraphModel');
  });
});
