import { describe, expect, it } from 'vitest';
import type { View } from '../../dataset/index.ts';
import { sampleView } from './sampleView.ts';

const strong = { strength: 'strong', flip: true, seed: 7 } as const;

/** Where the result's corners lie in the image. */
function corners({ affine: [a, b, c, d, e, f] }: View): [number, number][] {
  return [-1, 1].flatMap((x) => [-1, 1].map((y): [number, number] => [a * x + b * y + c, d * x + e * y + f]));
}

describe('views', () => {
  it('depend on the image, the number and the seed, and on nothing else', () => {
    expect(sampleView(strong, 'one', 3)).toEqual(sampleView(strong, 'one', 3));
    expect(sampleView(strong, 'one', 3)).not.toEqual(sampleView(strong, 'one', 4));
    expect(sampleView(strong, 'one', 3)).not.toEqual(sampleView(strong, 'two', 3));
    expect(sampleView(strong, 'one', 3)).not.toEqual(sampleView({ ...strong, seed: 8 }, 'one', 3));
  });

  it('mirror half of the images, and none when told not to', () => {
    const mirrored = (flip: boolean) =>
      Array.from({ length: 400 }, (_, index) => sampleView({ ...strong, flip }, String(index), 0)).filter(
        ({ affine }) => affine[0] < 0,
      ).length;
    expect(mirrored(true)).toBeGreaterThan(160);
    expect(mirrored(true)).toBeLessThan(240);
    expect(mirrored(false)).toBe(0);
  });

  it('stay near the image when light and go further when strong', () => {
    const reach = (strength: 'light' | 'strong') => {
      const views = Array.from({ length: 300 }, (_, index) =>
        sampleView({ ...strong, strength }, String(index), 0),
      );
      const areas = views.map(({ affine: [a, b, , d, e] }) => Math.abs(a * e - b * d));
      const far = Math.max(...views.flatMap(corners).flat().map(Math.abs));
      return { least: Math.min(...areas), far };
    };
    expect(reach('light').least).toBeGreaterThan(0.75);
    expect(reach('strong').least).toBeLessThan(0.6);
    expect(reach('light').far).toBeLessThan(1.1);
    expect(reach('strong').far).toBeLessThan(1.3);
  });
});
