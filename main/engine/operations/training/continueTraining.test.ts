import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobContext, JobEventBody } from '../../jobs/context.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

const { place, settings } = await makeColourRuns(3);

/** Does something when an epoch has ended. */
function atEpoch(epoch: number, action: () => void, more: Partial<JobContext> = {}): JobContext {
  return {
    ...quietContext(),
    emit(event: JobEventBody) {
      if (event.type === 'epoch' && event.metrics.epoch === epoch) action();
    },
    ...more,
  };
}

/** So small that no weight changes: the numbers are those of the weights a run begins with. */
const nothing = 1e-30;

describe('stopping well', () => {
  it('keeps the best epoch of a training, and is done', async () => {
    const stop = new AbortController();
    const out = path.join(place, 'stopped');
    const wanted = settings({ epochs: 50, fineTuneEpochs: 3, thawFrom: 'block_16' });
    const context = atEpoch(
      2,
      () => {
        stop.abort(new Error('stop'));
      },
      { stopping: stop.signal },
    );
    const result = must(await operations.train(wanted, out, context));
    expect(result.epochs).toHaveLength(2);
    const own = must(await operations.evaluate(out, null, quietContext()));
    expect(own.accuracy).toBeCloseTo(result.best.valAccuracy, 12);
    expect(must(await operations.resume(out, quietContext())).epochs).toHaveLength(2);
  });

  it('gives one that has nothing to keep its first epoch', async () => {
    const result = must(
      await operations.train(settings(), path.join(place, 'stopped-at-once'), {
        ...quietContext(),
        stopping: AbortSignal.abort(new Error('stop')),
      }),
    );
    expect(result.epochs).toHaveLength(1);
  });
});

describe('continuing a run with another plan', () => {
  it('begins with its best weights, thawed blocks included, wherever the new cut lies', async () => {
    const [head, thawed, again] = ['head', 'thawed', 'again'].map((name) => path.join(place, name));
    const first = must(await operations.train(settings({ epochs: 6 }), head!, quietContext()));
    const best = first.epochs.find(({ epoch }) => epoch === first.best.epoch)!;
    const more = { continueFrom: head!, epochs: 0, fineTuneEpochs: 2, thawFrom: 'block_16' };
    const same = must(
      await operations.train(
        settings({ ...more, fineTuneEpochs: 1, fineTuneLearningRate: nothing }),
        path.join(place, 'same'),
        quietContext(),
      ),
    );
    expect(same.epochs[0]!.valLoss).toBeCloseTo(best.valLoss, 4);

    const second = must(
      await operations.train(settings({ ...more, fineTuneLearningRate: 1e-4 }), thawed!, quietContext()),
    );
    expect(second.cut).toBe('block_16_expand');
    const better = second.epochs.find(({ epoch }) => epoch === second.best.epoch)!;
    const third = must(
      await operations.train(
        settings({ continueFrom: thawed!, epochs: 1, learningRate: nothing }),
        again!,
        quietContext(),
      ),
    );
    expect(third.cut).toBe('probabilities');
    expect(third.epochs[0]!.valLoss).toBeCloseTo(better.valLoss, 4);
    expect(Math.abs(better.valLoss - best.valLoss)).toBeGreaterThan(1e-3);
  });

  it('can be resumed when the run it continues is gone', async () => {
    const before = path.join(place, 'before');
    must(await operations.train(settings(), before, quietContext()));
    const wanted = settings({ continueFrom: before, epochs: 4 });
    const whole = must(await operations.train(wanted, path.join(place, 'whole'), quietContext()));
    const abort = new AbortController();
    const broken = path.join(place, 'broken');
    const context = atEpoch(
      2,
      () => {
        abort.abort();
      },
      { signal: abort.signal },
    );
    expect((await operations.train(wanted, broken, context)).ok).toBe(false);
    await rm(before, { recursive: true });
    const resumed = must(await operations.resume(broken, quietContext()));
    expect(resumed.epochs.map(({ valLoss }) => valLoss)).toEqual(whole.epochs.map(({ valLoss }) => valLoss));
  });

  it('refuses a run with another head, and one that is not there', async () => {
    const other = path.join(place, 'other-head');
    must(await operations.train(settings({ headUnits: [4] }), other, quietContext()));
    const refused = await operations.train(
      settings({ continueFrom: other }),
      path.join(place, 'refused'),
      quietContext(),
    );
    expect(!refused.ok && refused.error.code).toBe('labels-differ');
    const missing = await operations.train(
      settings({ continueFrom: path.join(place, 'nowhere') }),
      path.join(place, 'refused-too'),
      quietContext(),
    );
    expect(!missing.ok && missing.error.code).toBe('input-missing');
  });
});

it('resumes in the fine-tune phase with the best head phase’s backbone where that stays the best', async () => {
  const wanted = settings({ epochs: 6, fineTuneEpochs: 3, thawFrom: 'block_16', fineTuneLearningRate: 10 });
  const abort = new AbortController();
  const out = path.join(place, 'worse');
  const context = atEpoch(
    7,
    () => {
      abort.abort();
    },
    { signal: abort.signal },
  );
  expect((await operations.train(wanted, out, context)).ok).toBe(false);
  const resumed = must(await operations.resume(out, quietContext()));
  expect(resumed.best.epoch).toBeLessThan(7);
  const own = must(await operations.evaluate(out, null, quietContext()));
  expect(own.accuracy).toBeCloseTo(resumed.best.valAccuracy, 12);
});
