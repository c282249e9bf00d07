import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { EpochMetrics, NextPhase, TrainResult, TrainSettings } from '../../../../shared/domain/run.ts';
import type { JobContext } from '../../jobs/context.ts';
import { quietContext } from '../../jobs/context.ts';
import { bestOf } from '../../training/progress.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

const { dataset, place, settings } = await makeColourRuns(6);

/** Breaks a training off when an epoch has ended. */
function brokenOffAfter(epoch: number): JobContext {
  const abort = new AbortController();
  return {
    ...quietContext(),
    signal: abort.signal,
    emit(event) {
      if (event.type === 'epoch' && event.metrics.epoch === epoch) abort.abort();
    },
  };
}

async function broken(name: string, wanted: TrainSettings, epoch: number): Promise<string> {
  const run = path.join(place, name);
  const ended = await operations.train(wanted, run, brokenOffAfter(epoch));
  expect(!ended.ok && ended.error.code).toBe('cancelled');
  return run;
}

const next = (more: Partial<NextPhase> = {}): NextPhase => ({
  ...{ thawFrom: null, thaw: [], epochs: 1, learningRate: 1e-4 },
  ...more,
});

const phasesOf = ({ epochs }: TrainResult) =>
  epochs.map(({ phase, phaseNumber }) => `${phase} ${String(phaseNumber)}`);

const lossOf = (epoch: EpochMetrics | null | undefined): number => epoch?.valLoss ?? NaN;

/** So small that no weight changes: the numbers are those of the weights a phase begins with. */
const nothing = 1e-30;

it('goes on in the same run with layers thawed that were not planned, from the best weights so far', async () => {
  const run = await broken('thaw', settings(), 3);
  const thawed = next({ thawFrom: 'block_16', learningRate: nothing });
  const result = must(await operations.resume(run, quietContext(), thawed));
  expect(phasesOf(result)).toEqual(['head 1', 'head 1', 'head 1', 'fine-tune 2']);
  expect(result.cut).toBe('block_16_expand');
  const before = bestOf(result.epochs.slice(0, 3));
  expect(lossOf(result.epochs[3])).toBeCloseTo(lossOf(before), 4);
  const detail = must(await operations.readRun(run));
  expect(detail.settings.laterPhases).toEqual([{ ...thawed, after: 3 }]);
  expect(detail.log.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'broken off',
      'resumed after 3 epochs',
      expect.stringMatching(/^phase fine-tune: cut block_16/),
    ]),
  );
  expect(Date.parse(detail.log[0]!.time)).toBeLessThanOrEqual(Date.parse(detail.log.at(-1)!.time));
});

it('keeps what was trained before in layers that are frozen again, and resumes there as if uninterrupted', async () => {
  const wanted = settings({ epochs: 2, thawFrom: 'block_16', fineTuneEpochs: 4, fineTuneLearningRate: 1e-3 });
  const run = await broken('freeze', wanted, 4);
  const measure = next({ learningRate: nothing, epochs: 2 });
  const again = await operations.resume(run, brokenOffAfter(5), measure);
  expect(again.ok).toBe(false);
  const result = must(await operations.resume(run, quietContext()));
  expect(phasesOf(result)).toEqual([
    ...['head 1', 'head 1', 'fine-tune 2', 'fine-tune 2', 'head 3', 'head 3'],
  ]);
  const best = bestOf(result.epochs.slice(0, 4));
  expect(best?.phase).toBe('fine-tune');
  expect(lossOf(result.epochs[4])).toBeCloseTo(lossOf(best), 4);
  expect(lossOf(result.epochs[5])).toBeCloseTo(lossOf(best), 4);
  const own = must(await operations.evaluate(run, null, quietContext()));
  expect(own.loss).toBeCloseTo(lossOf(bestOf(result.epochs)), 4);

  const changed = must(await operations.readRun(run)).settings;
  const whole = must(
    await operations.train({ ...changed, dataset }, path.join(place, 'whole'), quietContext()),
  );
  expect(phasesOf(whole)).toEqual(phasesOf(result));
  expect(whole.epochs.map(lossOf)).toEqual(result.epochs.map(lossOf));
});

it('lets the latest decision stand, and refuses layers that are not there and runs that have ended', async () => {
  const run = await broken('twice', settings(), 2);
  const refused = await operations.resume(run, quietContext(), next({ thaw: ['nothing_*'] }));
  expect(!refused.ok && refused.error.code).toBe('usage');
  const stored = JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8')) as {
    settings: TrainSettings;
  };
  expect(stored.settings.laterPhases).toEqual([]);
  const stopped = new AbortController();
  stopped.abort();
  const first = next({ thawFrom: 'block_15' });
  await operations.resume(run, { ...quietContext(), signal: stopped.signal }, first);
  const result = must(await operations.resume(run, quietContext(), next({ thawFrom: 'block_16' })));
  expect(result.cut).toBe('block_16_expand');
  expect(result.epochs).toHaveLength(3);
  const ended = await operations.resume(run, quietContext(), next());
  expect(!ended.ok && ended.error.code).toBe('usage');
});
