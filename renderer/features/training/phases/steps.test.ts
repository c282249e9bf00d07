import { expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { latestPlan, stepsOf } from './steps.ts';

const settings = { ...defaultTrainSettings, epochs: 20, fineTuneEpochs: 10, thaw: ['a', 'b'] };
const head = (count: number) => Array.from({ length: count }, () => ({ phase: 'head' as const }));
const tuned = (count: number) => Array.from({ length: count }, () => ({ phase: 'fine-tune' as const }));
const later = (after: number, thaw: string[]) => ({
  ...{ after, thaw, thawFrom: null, epochs: 5, learningRate: 1e-4 },
});
const short = (...args: Parameters<typeof stepsOf>) =>
  stepsOf(...args).map(({ phase, epochs, layers, done }) => [phase, epochs, layers, done]);

it('shows the phases as planned, and how far they are', () => {
  expect(short(settings, [...head(8), ...tuned(3)])).toEqual([
    ['head', 20, 0, 8],
    ['fine-tune', 10, 2, 3],
  ]);
  expect(short({ ...settings, epochs: 0 }, tuned(1))).toEqual([['fine-tune', 10, 2, 1]]);
});

it('ends a phase where another plan took its place, and drops those that had not begun', () => {
  const changed = { ...settings, laterPhases: [later(8, ['c', 'd', 'e'])] };
  expect(short(changed, [...head(8), ...tuned(2)])).toEqual([
    ['head', 8, 0, 8],
    ['fine-tune', 5, 3, 2],
  ]);
  const again = { ...settings, laterPhases: [later(8, ['c']), later(10, [])] };
  expect(short(again, [...head(8), ...tuned(2), ...head(1)])).toEqual([
    ['head', 8, 0, 8],
    ['fine-tune', 2, 1, 2],
    ['head', 5, 0, 1],
  ]);
  // A run that repeats it, at its beginning and in its first phase.
  for (const epochs of [[], head(3)])
    expect(short(again, epochs)).toEqual([
      ['head', 8, 0, epochs.length],
      ['fine-tune', 2, 1, 0],
      ['head', 5, 0, 0],
    ]);
  expect(latestPlan({ ...changed, dataset: 'd' }).thaw).toEqual(['c', 'd', 'e']);
  expect(latestPlan({ ...again, dataset: 'd' }).thaw).toEqual([]);
});
