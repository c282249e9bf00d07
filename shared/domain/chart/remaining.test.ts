import { expect, it } from 'vitest';
import { remainingSeconds } from './remaining.ts';

const epochs = (...seconds: number[]) => seconds.map((one) => ({ seconds: one }));

it('tells the time left from the last five epochs and the share of the running one', () => {
  expect(remainingSeconds([], 10, 0)).toBeNull();
  expect(remainingSeconds(epochs(100, 2, 2, 2, 2, 2), 10, 0)).toBe(8);
  expect(remainingSeconds(epochs(2, 2), 10, 0.5)).toBe(15);
  expect(remainingSeconds(epochs(2, 2), 2, 0)).toBe(0);
});
