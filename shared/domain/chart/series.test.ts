import { describe, expect, it } from 'vitest';
import type { Point } from './series.ts';
import { appendBounded, decimate, smooth } from './series.ts';

/** A noisy curve with one lonely peak and one lonely pit. */
function curve(length: number): Point[] {
  const points = Array.from({ length }, (_, x) => ({ x, y: Math.sin(x * 12.9898) + 1 / (1 + x) }));
  points[Math.floor(length / 3)] = { x: Math.floor(length / 3), y: 100 };
  points[Math.floor(length / 2)] = { x: Math.floor(length / 2), y: -100 };
  return points;
}

describe('decimation', () => {
  it('keeps ends, peaks and order of ten thousand points in a few hundred', () => {
    const points = curve(10_000);
    const kept = decimate(points, 300);
    expect(kept.length).toBeLessThanOrEqual(602);
    expect(kept[0]).toBe(points[0]);
    expect(kept.at(-1)).toBe(points.at(-1));
    const ys = kept.map(({ y }) => y);
    expect([Math.max(...ys), Math.min(...ys)]).toEqual([100, -100]);
    expect(kept.every(({ x }, index) => index === 0 || x > (kept[index - 1]?.x ?? NaN))).toBe(true);
    expect(kept.every((point) => points[point.x] === point)).toBe(true);
  });

  it('has in every stretch the lowest and the highest of that stretch', () => {
    const points = curve(2_002);
    const kept = decimate(points, 100);
    for (let bucket = 0; bucket < 100; bucket += 1) {
      const own = points.slice(1 + bucket * 20, 1 + (bucket + 1) * 20).map(({ y }) => y);
      const left = kept.filter(({ x }) => x >= 1 + bucket * 20 && x < 1 + (bucket + 1) * 20);
      expect(left.map(({ y }) => y).sort((a, b) => a - b)).toEqual([Math.min(...own), Math.max(...own)]);
    }
  });

  it('leaves few points alone, and shows a gap where nothing is a number', () => {
    const points = curve(50);
    expect(decimate(points, 300)).toBe(points);
    const gap = Array.from({ length: 400 }, (_, x) => ({ x, y: x > 100 && x < 300 ? NaN : x }));
    const kept = decimate(gap, 20);
    expect(kept.some(({ y }) => Number.isNaN(y))).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(42);
  });

  it('bounds a growing series and loses no extreme of it', () => {
    let points: readonly Point[] = [];
    let longest = 0;
    for (const point of curve(10_000)) {
      points = appendBounded(points, point, 1_000);
      longest = Math.max(longest, points.length);
    }
    expect(longest).toBeLessThanOrEqual(1_000);
    const ys = points.map(({ y }) => y);
    expect([Math.max(...ys), Math.min(...ys)]).toEqual([100, -100]);
    expect(points[0]?.x).toBe(0);
    expect(points.at(-1)?.x).toBe(9_999);
  });
});

describe('smoothing', () => {
  it('is the debiased moving average', () => {
    // By hand: 1; (0.5·0.5·1 + 0.5·3) / 0.75; (0.125 + 0.25·3 + 0.5·5) / 0.875.
    const [first, second, third] = smooth([1, 3, 5], 0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo(1.75 / 0.75, 12);
    expect(third).toBeCloseTo(3.375 / 0.875, 12);
  });

  it('leaves a constant and a gap as they are', () => {
    const smoothed = smooth([4, 4, NaN, 4], 0.9);
    expect(smoothed.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([4, 4, NaN, 4]);
    expect(smooth([1, 2], 0)).toEqual([1, 2]);
  });
});
