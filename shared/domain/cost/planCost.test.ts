import { describe, expect, it } from 'vitest';
import type { PlanLayer } from './planCost.ts';
import { planCost, totalBytes, withHead } from './planCost.ts';
import { keptForCut, nothingKept } from './kept.ts';
import type { Workload } from './speed.ts';
import { planSeconds, secondsAt, withPoint } from './speed.ts';

const layer = (
  name: string,
  inputs: string[],
  outputShape: number[],
  parameters: number,
  multiplyAdds: number,
): PlanLayer => ({ name, inputs, outputShape, parameters, trainable: parameters, multiplyAdds });

const layers = withHead(
  [
    layer('input', [], [8, 8, 3], 0, 0),
    layer('a', ['input'], [8, 8, 4], 100, 1000),
    layer('b', ['a'], [4, 4, 4], 200, 2000),
    layer('add', ['b', 'a'], [4, 4, 4], 0, 0),
    layer('pool', ['add'], [4], 0, 0),
  ],
  'head',
  5,
);

const points = [
  { multiplyAdds: 100, seconds: 1 },
  { multiplyAdds: 300, seconds: 2 },
];

describe('the cost of a plan', () => {
  it('counts the head alone when everything else is frozen', () => {
    const cost = planCost(layers, new Set(['head']), 10);
    expect(cost.cut).toBe('head');
    expect(cost.trainable).toBe(25);
    expect(cost.multiplyAdds).toEqual({ prefix: 3000, suffix: 20 });
    expect(cost.featureValues).toBe(4);
    expect(cost.bytes).toEqual({ weights: 4 * 325, optimizer: 12 * 25, activations: 4 * 10 * 5 });
  });

  it('caches every value that crosses the cut, residual branches too', () => {
    const cost = planCost(layers, new Set(['b', 'head']), 1);
    expect(cost.multiplyAdds).toEqual({ prefix: 1000, suffix: 2020 });
    expect(cost.featureValues).toBe(8 * 8 * 4);
    expect(cost.bytes.activations).toBe(4 * (64 + 64 + 4 + 5));
    expect(totalBytes(cost)).toBe(4 * 325 + 12 * 225 + cost.bytes.activations);
  });
});

describe('the time of a plan', () => {
  it('lies on the line between measurements, and in proportion beyond', () => {
    expect(secondsAt(points, 100)).toBe(1);
    expect(secondsAt(points, 200)).toBe(1.5);
    expect(secondsAt(points, 600)).toBe(4);
    expect(secondsAt(points, 50)).toBe(0.5);
    expect(secondsAt([], 50)).toBeNull();
    expect(secondsAt(points, 30_001)).toBeNull();
    expect(withPoint(points, { multiplyAdds: 100, seconds: 9 })).toEqual([
      points[1],
      { multiplyAdds: 100, seconds: 9 },
    ]);
  });

  it('pays for frozen layers once, and for validation a third', () => {
    const cost = { multiplyAdds: { prefix: 200, suffix: 100 } };
    const speed = { prefix: points, step: points };
    expect(planSeconds(cost, speed, { trainImages: 10, validationImages: 3 })).toEqual({
      scan: 0,
      once: 1.5 * 13,
      epoch: 11,
    });
    expect(
      planSeconds(cost, { prefix: [], step: points }, { trainImages: 1, validationImages: 1 }),
    ).toBeNull();
    const everything = { multiplyAdds: { prefix: 0, suffix: 100 } };
    expect(
      planSeconds(everything, { prefix: [], step: points }, { trainImages: 1, validationImages: 0 }),
    ).toEqual({
      scan: 0,
      once: 0,
      epoch: 1,
    });
  });

  it('counts decoding beside the frozen layers, variations as often as they are kept, and nothing that is kept', () => {
    const cost = { multiplyAdds: { prefix: 200, suffix: 100 } };
    const speed = { prefix: points, step: points };
    const data = { trainImages: 10, validationImages: 4 };
    const seconds = (more: Partial<Workload>) => planSeconds(cost, speed, { ...data, ...more })!;
    // 1.5 s for the frozen layers; half of the cores decode.
    expect(seconds({ decode: 1 }).once).toBe(14 * 2);
    expect(seconds({ decode: 5 }).once).toBe(14 * 5);
    expect(seconds({ views: 8 }).once).toBe(1.5 * (8 * 10 + 4));
    expect(seconds({ views: 0 })).toEqual({ scan: 0, once: 1.5 * 4, epoch: 10 + 4 / 3 + 1.5 * 10 });
    const here = { train: 10, validation: 3 };
    expect(seconds({ kept: { here, earlier: null } }).once).toBe(1.5);
    const earlier = { train: 10, validation: 4, multiplyAdds: 100 };
    // From there on, without decoding.
    expect(seconds({ decode: 1, kept: { here: { train: 0, validation: 0 }, earlier } }).once).toBe(
      14 * 1.5 * 0.5,
    );
  });
});

describe('the time for images', () => {
  const cost = { multiplyAdds: { prefix: 200, suffix: 100 } };
  const everything = { multiplyAdds: { prefix: 0, suffix: 100 } };
  const speed = { prefix: points, step: points };
  const data = { trainImages: 10, validationImages: 4, decode: 4 };

  it('falls where they are decoded: in the scan, or beside the frozen layers when they are remembered', () => {
    // All cores decode in a scan, every second one beside the frozen layers.
    expect(planSeconds(cost, speed, { ...data, scan: { decoded: 14, held: 14 } })).toMatchObject({
      scan: 14 * 2,
      once: 14 * 1.5,
    });
    expect(planSeconds(cost, speed, data)).toMatchObject({ scan: 0, once: 14 * 4 });
    // What there is no room for is decoded twice.
    expect(planSeconds(cost, speed, { ...data, scan: { decoded: 14, held: 5 } })).toMatchObject({
      scan: 14 * 2,
      once: 5 * 1.5 + 9 * 4,
    });
  });

  it('is not counted again when every layer trains, nor for variations', () => {
    const scan = { decoded: 14, held: 14 };
    expect(planSeconds(everything, speed, { ...data, scan })).toMatchObject({ scan: 14 * 2, once: 0 });
    expect(planSeconds(everything, speed, data)).toMatchObject({ scan: 0, once: 14 * 2 });
    const varied = planSeconds(cost, speed, { ...data, scan, views: 1 });
    expect(varied).toMatchObject({ scan: 14 * 2, once: 14 * 4 });
    const here = { train: 10, validation: 4 };
    expect(planSeconds(cost, speed, { ...data, kept: { here, earlier: null } })).toMatchObject({
      scan: 0,
      once: 0,
    });
  });
});

describe('kept features', () => {
  const kept = [
    { layers: ['a'], train: 5, validation: 2 },
    { layers: ['pool'], train: 3, validation: 1 },
    { layers: [], train: 1, validation: 1 },
  ];
  it('serve the cut they were computed for, and shorten the way to later ones', () => {
    expect(keptForCut(layers, 'b', kept)).toEqual({ here: { train: 5, validation: 2 }, earlier: null });
    expect(keptForCut(layers, 'head', kept)).toEqual({
      here: { train: 3, validation: 1 },
      earlier: { train: 5, validation: 2, multiplyAdds: 1000 },
    });
    // The image itself goes into the first layer.
    expect(keptForCut(layers, 'a', kept)).toEqual({ here: { train: 1, validation: 1 }, earlier: null });
    expect(keptForCut(layers, 'b', [])).toEqual(nothingKept);
  });
});
