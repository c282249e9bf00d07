import { expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { differencesOf } from './differences.ts';

it('names what differs between runs, and nothing else', () => {
  const one = { ...defaultTrainSettings, dataset: 'd' };
  expect(differencesOf([one, { ...one }])).toEqual([]);
  expect(differencesOf([one, { ...one, epochs: 3, thaw: ['a', 'b'], imageSize: 64 }])).toEqual([
    { setting: 'epochs', values: ['20', '3'] },
    { setting: 'thaw', values: ['–', 'a, b'] },
    { setting: 'imageSize', values: ['–', '64'] },
  ]);
  expect(differencesOf([])).toEqual([]);
});
