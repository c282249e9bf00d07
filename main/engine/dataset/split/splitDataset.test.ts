import { describe, expect, it } from 'vitest';
import type { Dataset, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { splitDataset } from '../index.ts';

describe('split', () => {
  const images = (from: number, to: number): ImageRecord[] =>
    Array.from({ length: to - from }, (_, i) => ({
      id: `id${from + i}`,
      path: `p${from + i}`,
      label: `c${(from + i) % 4}`,
      split: null,
      bytes: 1,
      width: 1,
      height: 1,
      format: 'png',
    }));
  const dataset = (list: ImageRecord[]): Dataset => ({
    name: 'd',
    location: '/d',
    kind: 'folder',
    classes: ['c0', 'c1', 'c2', 'c3'],
    images: list,
    findings: [],
    fingerprint: '',
  });
  const sides = (list: ImageRecord[], seed: number) => {
    const split = splitDataset(dataset(list), { validationSplit: 0.2, seed });
    if (!split.ok) throw new Error(split.error.message);
    return split.value;
  };

  it('keeps every image on its side when others are added, and follows the seed', () => {
    const small = sides(images(0, 400), 1);
    const grown = new Set(sides(images(0, 1000), 1).validation.map(({ id }) => id));
    expect(small.validation.every(({ id }) => grown.has(id))).toBe(true);
    expect(small.train.some(({ id }) => grown.has(id))).toBe(false);
    expect(sides(images(0, 400), 2).validation).not.toEqual(small.validation);
  });

  it('cuts every class in proportion and validates each class of two', () => {
    const { validation } = sides(images(0, 4000), 3);
    for (const name of ['c0', 'c1', 'c2', 'c3']) {
      expect(Math.abs(validation.filter(({ label }) => label === name).length / 1000 - 0.2)).toBeLessThan(
        0.05,
      );
    }
    for (let seed = 0; seed < 20; seed++) {
      const { train, validation: few } = sides(images(0, 8), seed);
      expect([train.length, few.length]).toEqual([4, 4]);
    }
  });
});
