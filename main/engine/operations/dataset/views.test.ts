import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { firstViews, viewNumber } from '../../../../shared/domain/views.ts';
import type { Rendition } from '../../../../shared/ipc/dataset/images.ts';
import { parseRendition, renditionText } from '../../../../shared/ipc/dataset/images.ts';
import type { DatasetSource, Decoder } from '../../dataset/index.ts';
import {
  createDecoder,
  HeldPixels,
  openDataset,
  scanDataset,
  splitDataset,
  viewSource,
} from '../../dataset/index.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { sampleView } from '../../training/augment/sampleView.ts';
import { streamSource } from '../../training/batches/streamSource.ts';
import { tableSource } from '../../training/batches/tableSource.ts';
import type { LocatedImage } from '../../training/features/extractFeatures.ts';
import { extractFeatures } from '../../training/features/extractFeatures.ts';
import type { FeatureTable } from '../../training/features/featureTable.ts';
import type { PixelPrefix } from '../../training/features/pixelPrefix.ts';
import { rowCodec } from '../../training/features/rowCodec.ts';
import { mixBatch, mixerOf } from '../../training/batches/mixing.ts';
import { mixPixels } from './mixed.ts';
import { augment } from './views.ts';
import { pictureOf } from './pictures.ts';
import { must } from '../../testing/must.ts';

const target = { width: 40, height: 32, resize: 'crop' } as const;
const choice = { strength: 'strong', flip: true, seed: 11 } as const;
let root: string;
let location: string;
let source: DatasetSource;
let images: readonly LocatedImage[];
let decoder: Decoder;
let decodes = 0;
const onWork = (message: unknown) => {
  if ((message as { work: string }).work === 'decode') decodes += 1;
};

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-views-'));
  process.env['THAW_CACHE'] = path.join(root, 'cache');
  location = await makeColourDataset(2, 5);
  source = must(await openDataset(location));
  images = must(await scanDataset(source, quietContext())).images;
  decoder = createDecoder();
  subscribe('thaw:decode', onWork);
});
afterAll(async () => {
  unsubscribe('thaw:decode', onWork);
  delete process.env['THAW_CACHE'];
  await decoder.close();
  await source.close();
  await rm(location, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
});

/** What stands for the network: a training's batches are then its pixels. */
const pixels: PixelPrefix = {
  provider: 'test',
  outputs: [{ layer: 'input', shape: [target.height, target.width, 3] }],
  valuesPerImage: target.width * target.height * 3,
  lanes: 1,
  run: (given) => Promise.resolve(given),
  dispose: () => Promise.resolve(),
};

/** The picture of a variation, as the studio shows it. */
async function shown(image: string, number: number): Promise<number[]> {
  const rendition: Rendition = { as: 'view', ...target, view: { ...choice, number } };
  const parsed = parseRendition(renditionText(rendition));
  if (parsed === null) throw new Error(renditionText(rendition));
  const picture = must(await pictureOf(location, image, parsed));
  return pixelsOf(picture.file);
}

async function pixelsOf(file: string): Promise<number[]> {
  const { data } = await sharp(await readFile(file))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data];
}

const labels = { labels: new Int32Array(6), weights: null };

describe('variations that are shown', () => {
  it('are the pixels a training decodes anew each epoch', async () => {
    const stream = streamSource(
      {
        ...{ source, images, decoder, target, prefix: pixels, view: choice, ...labels },
        codec: rowCodec('pixels', 'none'),
      },
      quietContext(),
    );
    for (const epoch of [1, 2])
      for await (const { positions, values } of stream.read([3, 0], 1, epoch))
        expect([...values]).toEqual(await shown(images[positions[0] ?? 0]?.path ?? '', viewNumber(epoch, 0)));
  });

  it('are the same byte for byte of pixels that a scan left, or that the first of them did', async () => {
    const size = viewSource(target);
    const views = images.flatMap(({ id, path: at }) =>
      [0, 1, 2].map((number) => ({ path: at, view: sampleView(choice, id, number) })),
    );
    const allOf = async (from: Decoder) => {
      const all: number[][] = [];
      for await (const { pixels: one } of from.decode(source, views, target)) all.push([...must(one)]);
      return all;
    };
    const plain = await allOf(decoder);
    // Room for all, for some, for none.
    for (const room of [images.length, 2, 0])
      for (const isScanned of [true, false]) {
        const held = new HeldPixels(size, room * size.width * size.height * 3);
        if (isScanned) must(await scanDataset(source, quietContext(), { held, memory: null }));
        const own = createDecoder({ held });
        const passes: number[] = [];
        for (let pass = 0; pass < 2; pass += 1) {
          decodes = 0;
          expect(await allOf(own)).toEqual(plain);
          passes.push(decodes);
        }
        await own.close();
        const [first = 0, second] = passes;
        const without = 3 * (images.length - room);
        expect(second).toBe(without);
        // Variations that are wanted at the same moment do not wait for the first to leave its pixels.
        if (isScanned) expect(first).toBe(without);
        else expect(first).toBeGreaterThanOrEqual(without + room);
      }
  });

  it('are the pixels whose features a training keeps', async () => {
    const kept = 2;
    const tables: FeatureTable[] = [];
    const table = tableSource(
      pixels.outputs,
      { ids: images.map(({ id }) => id), ...labels },
      async (epoch) => {
        const view = { ...choice, number: viewNumber(epoch, kept) };
        const key = { backbone: 'none', weightsHash: '', preprocess: 'none', encoding: 'pixels' } as const;
        const cacheRoot = path.join(root, 'features');
        const request = {
          parts: [{ source, images }],
          decoder,
          prefix: pixels,
          target,
          key,
          view,
          cacheRoot,
        };
        const features = must(await extractFeatures(request, quietContext()));
        tables.push(features);
        return features;
      },
    );
    const seen: number[][] = [];
    for (const epoch of [1, 2, 3])
      for await (const { values } of table.read([4], 1, epoch)) seen.push([...values]);
    for (const one of tables) await one.close();
    const [first, second] = await Promise.all(
      firstViews(kept, 8).map((number) => shown(images[4]?.path ?? '', number)),
    );
    expect(seen).toEqual([first, second, first]);
    expect(first).not.toEqual(second);
  });

  it('are shown mixed, side by side, as a step of them is', async () => {
    const mix = { ...choice, mixup: 0, cutmix: 1 };
    const rendition: Rendition = { as: 'mixed', ...target, mix };
    expect(parseRendition(renditionText(rendition))).toEqual(rendition);
    const first = images[1]?.path ?? '';
    const picture = must(await pictureOf(location, first, rendition));
    const { data, info } = await sharp(await readFile(picture.file))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const split = must(splitDataset(must(await scanDataset(source, quietContext())), defaultTrainSettings));
    const step = [...split.train, ...split.train].slice(
      split.train.findIndex((image) => image.path === first),
    );
    const own = await Promise.all(
      step.slice(0, split.train.length).map(async (image) => Uint8Array.from(await shown(image.path, 0))),
    );
    expect([info.width, info.height]).toEqual([target.width * own.length, target.height]);
    const mixed = mixPixels(own, target, mix, { seed: choice.seed, epoch: 1 });
    const line = target.width * 3;
    const seen = mixed.map((_, place) =>
      Array.from({ length: target.height }, (__, row) => [
        ...data.subarray((row * own.length + place) * line, (row * own.length + place + 1) * line),
      ]).flat(),
    );
    expect(seen).toEqual(mixed.map((image) => [...image.pixels]));
  });

  it('are named whole and within bounds', () => {
    const name = 'view-224x192-pad-light-still-seed7-12';
    const rendition = parseRendition(name);
    expect(rendition).toEqual({
      ...{ as: 'view', width: 224, height: 192, resize: 'pad' },
      view: { strength: 'light', flip: false, seed: 7, number: 12 },
    });
    expect(rendition && renditionText(rendition)).toBe(name);
    for (const wrong of [
      'view-224x192-pad',
      'input-224x192-pad-light-still-seed7-12',
      'view-224x192-pad-none-still-seed7-12',
      'view-224x192-pad-light-seed7-12',
      'view-224x192-pad-light-flip-seed99999999999-1',
      'view-9000x192-pad-light-flip-seed1-1',
    ])
      expect(parseRendition(wrong), wrong).toBeNull();
  });

  it('are written to files for the command line, and into no folder with something in it', async () => {
    const out = path.join(root, 'written');
    const files = [0, 1].map((index) => path.join(location, images[index]?.path ?? ''));
    const plain = { ...choice, mixup: 0, cutmix: 0, views: 2 };
    const request = { images: files, out, size: 40, resize: 'crop' as const, ...plain };
    const written = must(await augment(request, quietContext()));
    expect((await readdir(out)).sort()).toEqual(written.map(({ file }) => path.basename(file)).sort());
    const square = { as: 'view', width: 40, height: 40, resize: 'crop' } as const;
    for (const { image, number, file } of written) {
      const inside = path.relative(location, image).split(path.sep).join('/');
      const rendition = { ...square, view: { ...choice, number } };
      const picture = must(await pictureOf(location, inside, rendition));
      expect(await pixelsOf(file)).toEqual(await pixelsOf(picture.file));
    }
    const again = await augment(request, quietContext());
    expect(!again.ok && again.error.code).toBe('output-exists');
    const missing = await augment({ ...request, images: ['/none.jpg'], out: `${out}-2` }, quietContext());
    expect(!missing.ok && missing.error.code).toBe('input-missing');
  });

  it('are mixed as the first step of a training’s epoch mixes them, and say with what', async () => {
    const shape = { width: target.width, height: target.height };
    for (const mixing of [
      { mixup: 0.4, cutmix: 0 },
      { mixup: 0, cutmix: 1 },
    ]) {
      const request = { source, images, decoder, target, prefix: pixels, view: choice, ...labels };
      const stream = streamSource({ ...request, codec: rowCodec('pixels', 'none') }, quietContext());
      const stride = pixels.valuesPerImage;
      const order = images.map((_, index) => index);
      for await (const { values, positions } of stream.read(order, images.length, 2)) {
        const before = positions.map((_, row) =>
          Uint8Array.from(values.subarray(row * stride, (row + 1) * stride)),
        );
        const mixed = mixPixels(before, shape, mixing, { seed: choice.seed, epoch: 2 });
        const targets = new Float32Array(positions.length);
        mixBatch(values, targets, positions.length, stream.frontier, mixing, mixerOf(choice.seed, 2));
        for (const [row, { pixels: shown, other, share }] of mixed.entries()) {
          expect([...shown]).toEqual([...values.subarray(row * stride, (row + 1) * stride)].map(Math.round));
          const theirs = before[other ?? row] ?? [];
          const mine = before[row] ?? new Uint8Array();
          const blended = [...mine].map((value, at) => share * value + (1 - share) * (theirs[at] ?? 0));
          if (mixing.mixup > 0)
            expect(Math.max(...blended.map((value, at) => Math.abs(value - (shown[at] ?? 0))))).toBeLessThan(
              0.51,
            );
          else expect([...shown].every((value, at) => value === mine[at] || value === theirs[at])).toBe(true);
        }
      }
    }
  });
});
