import { describe, expect, it } from 'vitest';
import { adviseRate, hasDiverged, rangeRate, smoothLosses } from './learningRateRange.ts';

describe('the learning rate range test', () => {
  it('rises by the same factor from end to end', () => {
    const rates = Array.from({ length: 5 }, (_, step) => rangeRate(step, 5, 1e-4, 1));
    for (const [index, rate] of [1e-4, 1e-3, 1e-2, 1e-1, 1].entries())
      expect(rates[index]! / rate).toBeCloseTo(1, 10);
  });

  it('smooths without a bias towards zero', () => {
    expect(smoothLosses([2, 2, 2, 2]).every((loss) => Math.abs(loss - 2) < 1e-12)).toBe(true);
    const [, second] = smoothLosses([1, 0]);
    expect(second).toBeCloseTo((0.9 * 0.1) / (1 - 0.9 ** 2), 12);
  });

  it('knows a loss that has run away', () => {
    expect(hasDiverged([2, 1, 3.9])).toBe(false);
    expect(hasDiverged([2, 1, 4.1])).toBe(true);
    expect(hasDiverged([2, NaN])).toBe(true);
  });

  it('advises the steepest fall, at most a tenth of the lowest loss’s rate', () => {
    // Falls like a logistic curve around a rate and runs away above 3e-1.
    const curve = (middle: number) =>
      Array.from({ length: 100 }, (_, step) => {
        const learningRate = rangeRate(step, 100, 1e-6, 1);
        const fall = 1 / (1 + (learningRate / middle) ** 2);
        return { learningRate, loss: 1 + fall + (learningRate / 0.3) ** 2 };
      });
    const steep = adviseRate(curve(1e-3));
    expect(Math.abs(Math.log10(steep.suggested / 1e-3))).toBeLessThan(0.1);
    expect(steep.lowest).toBeGreaterThan(10 * steep.suggested);
    const late = adviseRate(curve(3e-2));
    expect(late.suggested).toBeCloseTo(late.lowest / 10, 12);
  });
});
