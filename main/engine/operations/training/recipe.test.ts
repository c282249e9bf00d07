import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';
import { numbers, recording } from '../../testing/runs.ts';

const { place, settings } = await makeColourRuns(4);

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
