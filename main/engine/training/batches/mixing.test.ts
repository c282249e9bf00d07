import { describe, expect, it } from 'vitest';
import { createRandom } from '../../network/index.ts';
import { mixBatch } from './mixing.ts';

const count = 64;
const classes = 4;
const frontier = [{ layer: 'map', shape: [8, 6, 2] }];
const stride = 8 * 6 * 2;

/** Every image is one number all over, and its own class by turns. */
function batch() {
  const values = Float32Array.from({ length: count * stride }, (_, at) => Math.floor(at / stride));
  const targets = Float32Array.from({ length: count * classes }, (_, at) =>
    at % classes === Math.floor(at / classes) % classes ? 1 : 0,
  );
  return { values, targets };
}

const rowsOf = (targets: Float32Array) =>
  Array.from({ length: count }, (_, row) => [...targets.subarray(row * classes, (row + 1) * classes)]);

describe('mixing images of a batch', () => {
  it('leaves everything as it is when both ways are off', () => {
    const { values, targets } = batch();
    mixBatch(values, targets, count, frontier, { mixup: 0, cutmix: 0 }, createRandom(1, 'mix'));
    expect(values).toEqual(batch().values);
    expect(targets).toEqual(batch().targets);
  });

  it('MixUp averages values and targets by the same share', () => {
    const { values, targets } = batch();
    mixBatch(values, targets, count, frontier, { mixup: 1, cutmix: 0 }, createRandom(1, 'mix'));
    const share = Math.max(...targets.filter((target) => target < 1));
    for (let row = 0; row < count; row += 1) {
      const own = values.subarray(row * stride, (row + 1) * stride);
      expect(new Set(own).size).toBe(1);
      const other = [share, 1 - share]
        .map((kept) => (own[0]! - kept * row) / (1 - kept))
        .find((value) => Math.abs(value - Math.round(value)) < 1e-3 && value > -0.5 && value < count - 0.5);
      expect(other).toBeDefined();
    }
    for (const row of rowsOf(targets)) expect(row.reduce((sum, target) => sum + target)).toBeCloseTo(1, 5);
  });

  it('CutMix pastes the share of the area that it gives to the other target', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { values, targets } = batch();
      mixBatch(values, targets, count, frontier, { mixup: 0, cutmix: 1 }, createRandom(seed, 'mix'));
      for (const [row, target] of rowsOf(targets).entries()) {
        const own = values.subarray(row * stride, (row + 1) * stride);
        const kept = own.filter((value) => value === row).length / stride;
        const isSame = new Set(own).size === 1 && kept === 1;
        if (!isSame)
          expect(Math.abs(target[row % classes]! - kept)).toBeLessThan(isSameClass(own, row) ? 1.01 : 0.15);
      }
    }
  });

  it('draws MixUp’s share from Beta(alpha, alpha): variance 1 / (4 (2 alpha + 1))', () => {
    const alpha = 0.4;
    const shares: number[] = [];
    const random = createRandom(9, 'mix');
    for (let draw = 0; draw < 4000; draw += 1) {
      const values = Float32Array.of(0, 1);
      const targets = Float32Array.of(1, 0, 0, 1);
      mixBatch(values, targets, 2, [{ layer: 'v', shape: [1] }], { mixup: alpha, cutmix: 0 }, random);
      if (values[0] !== 0) shares.push(values[0]!);
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeGreaterThan(0.9);
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeLessThan(1.1);
  });
});

function isSameClass(values: Float32Array, row: number): boolean {
  const other = values.find((value) => value !== row);
  return other !== undefined && other % classes === row % classes;
}
