import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import type { Operation } from './operations.ts';
import { applyOperation } from './operations.ts';
import { applyView, viewSource } from './view.ts';
import { warp } from './warp.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-augment-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const width = 31;
const height = 24;
/** Smooth slopes with a hard edge, no channel like another. */
const picture = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
  const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
  const edge = x > 15 && y > 9 ? 90 : 0;
  return 20 + edge + [x * 4, y * 5, (x + y) * 2][index % 3]!;
});

async function judge(requests: { request: object; ours: Uint8Array }[]): Promise<number[]> {
  const image = path.join(root, 'image.rgb');
  await writeFile(image, picture);
  const files: object[] = [];
  for (const [index, { request, ours }] of requests.entries()) {
    const file = path.join(root, `ours-${index}.rgb`);
    await writeFile(file, ours);
    files.push({ ...request, image, width, height, ours: file });
  }
  const list = path.join(root, 'requests.json');
  await writeFile(list, JSON.stringify(files));
  return JSON.parse(await runJudge('augment.py', [list])) as number[];
}

describe('augmentation', () => {
  it.skipIf(judgeMissing)('changes colours as Pillow does', async () => {
    const operations: Operation[] = [
      ...(['brightness', 'contrast', 'saturation', 'sharpness'] as const).flatMap((op) =>
        [0.4, 1, 1.7].map((factor) => ({ op, factor })),
      ),
      { op: 'posterize', bits: 3 },
      { op: 'solarize', threshold: 120 },
      { op: 'autocontrast' },
      { op: 'equalize' },
    ];
    const differences = await judge(
      operations.map((operation) => {
        const ours = picture.slice();
        applyOperation(ours, width, height, operation);
        return { request: { operation }, ours };
      }),
    );
    expect(differences.length).toBe(operations.length);
    for (const [index, difference] of differences.entries())
      expect(difference, JSON.stringify(operations[index])).toBeLessThanOrEqual(1);
  });

  it.skipIf(judgeMissing)('warps as Pillow does', async () => {
    const affines = [
      [0.8, 0, 0.1, 0, 0.8, -0.1],
      [-0.7, 0.1, 0, -0.1, 0.7, 0.05],
      [0.5, 0.3, 0, -0.2, 0.5, 0],
    ] as const;
    const [toWidth, toHeight] = [20, 18];
    const differences = await judge(
      affines.map((affine) => ({
        request: { affine, toWidth, toHeight },
        ours: warp(picture, width, height, toWidth, toHeight, affine),
      })),
    );
    for (const difference of differences) expect(difference).toBeLessThanOrEqual(1);
  });

  it('erases a rectangle that sticks out of the picture', () => {
    const ours = picture.slice();
    applyOperation(ours, width, height, { op: 'cutout', left: 0.8, top: -0.2, width: 0.5, height: 0.4 });
    const at = (x: number, y: number) => ours[(y * width + x) * 3];
    expect(at(width - 1, 0)).toBe(128);
    expect(at(width - 1, 4)).toBe(128);
    expect(at(width - 1, 5)).not.toBe(128);
    expect(at(20, 0)).toBe(picture[20 * 3]);
  });

  it('mirrors with the identity turned over', () => {
    const target = { width: 4, height: 2, resize: 'squash' } as const;
    const source = viewSource(target);
    const ramp = Uint8Array.from(
      { length: source.width * source.height * 3 },
      (_, index) => Math.floor(index / 3) % source.width,
    );
    const plain = applyView(ramp, target, { affine: [1, 0, 0, 0, 1, 0], operations: [] });
    const mirrored = applyView(ramp, target, { affine: [-1, 0, 0, 0, 1, 0], operations: [] });
    const first = (pixels: Uint8Array) => [0, 1, 2, 3].map((x) => pixels[x * 3]);
    expect(first(mirrored)).toEqual(first(plain).reverse());
  });
});
