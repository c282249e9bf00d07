import { describe, expect, it } from 'vitest';
import { bestOf, epochsWithoutProgress, positionAfter } from './progress.ts';

const epoch = (number: number, valAccuracy: number, valLoss: number) => ({
  epoch: number,
  valAccuracy,
  valLoss,
});

describe('progress', () => {
  it('takes the most accurate epoch, of equals the one with the lower loss, and the earlier of twins', () => {
    const history = [epoch(1, 0.8, 0.5), epoch(2, 0.9, 0.6), epoch(3, 0.9, 0.4), epoch(4, 0.9, 0.4)];
    expect(bestOf(history)?.epoch).toBe(3);
    expect(bestOf([])).toBeNull();
  });

  it('counts epochs that bring nothing, a loss that is no number among them', () => {
    expect(epochsWithoutProgress([epoch(1, 0.5, 1), epoch(2, 0.5, 0.9), epoch(3, 0.4, 1)])).toBe(1);
    expect(epochsWithoutProgress([epoch(1, 0.5, 1), epoch(2, 0.5, NaN), epoch(3, 0.5, NaN)])).toBe(2);
  });

  it('ends a phase early, starts the next with a clean count, and then is over', () => {
    const history = [epoch(1, 0.5, 1), epoch(2, 0.4, 2), epoch(3, 0.4, 2)];
    expect(positionAfter([], [], [10, 5], 2)).toEqual({ phase: 0, epochsDone: 0 });
    expect(positionAfter(history.slice(0, 2), [0, 0], [10, 5], 2)).toEqual({ phase: 0, epochsDone: 2 });
    expect(positionAfter(history, [0, 0, 0], [10, 5], 2)).toEqual({ phase: 1, epochsDone: 0 });
    expect(positionAfter(history, [0, 0, 0], [10, 5], 0)).toEqual({ phase: 0, epochsDone: 3 });
    expect(positionAfter(history, [0, 0, 1], [2, 1], 0)).toBeNull();
  });
});
