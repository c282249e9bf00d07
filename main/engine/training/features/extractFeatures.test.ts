import { appendFile, mkdir, mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import type { DatasetSource, Decoder } from '../../dataset/index.ts';
import { createDecoder, HeldPixels, openDataset, scanDataset } from '../../dataset/index.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { ok } from '../../../../shared/result.ts';
import { clearStored, listStored } from './cacheStore.ts';
import type { ExtractRequest, Shortcut } from './extractFeatures.ts';
import { extractFeatures } from './extractFeatures.ts';
import type { Prefix } from './prefix.ts';

let source: DatasetSource;
let images: { id: string; path: string }[];

beforeAll(async () => {
  const opened = await openDataset(await makeColourDataset(12));
  if (!opened.ok) throw new Error(opened.error.message);
  source = opened.value;
  const dataset = await scanDataset(source, quietContext());
  if (!dataset.ok) throw new Error(dataset.error.message);
  images = [...dataset.value.images];
});

/** Channel means, so that every row can be told from the image. */
function meanPrefix(): Prefix & { computed: number; widest: number } {
  const prefix = {
    computed: 0,
    widest: 0,
    provider: 'test',
    outputs: [{ layer: 'mean', shape: [3] }],
    valuesPerImage: 3,
    lanes: 1,
    run(pixels: Uint8Array, count: number) {
      prefix.computed += count;
      prefix.widest = Math.max(prefix.widest, count);
      const size = pixels.length / count;
      const rows = new Float32Array(count * 3);
      for (const [at, value] of pixels.entries())
        rows[Math.floor(at / size) * 3 + (at % 3)]! += value / (size / 3);
      return Promise.resolve(rows);
    },
    dispose: () => Promise.resolve(),
  };
  return prefix;
}

const plainKey = { backbone: 'means', weightsHash: 'x', preprocess: 'none', encoding: 'float32' } as const;

const request = (cacheRoot: string, prefix: Prefix, decoder: Decoder): ExtractRequest => ({
  parts: [{ source, images }],
  decoder,
  prefix,
  target: { width: 16, height: 16, resize: 'squash' },
  key: plainKey,
  cacheRoot,
  batchSize: 5,
});

async function extract(cacheRoot: string, more: Partial<ExtractRequest> = {}) {
  const decoder = createDecoder();
  const prefix = meanPrefix();
  try {
    const table = await extractFeatures({ ...request(cacheRoot, prefix, decoder), ...more }, quietContext());
    if (!table.ok) throw new Error(table.error.message);
    const rows = new Float32Array(images.length * 3);
    await table.value.read(
      images.map(({ id }) => id),
      rows,
    );
    await table.value.close();
    const { fromCache, fromEarlier } = table.value;
    return { rows, prefix, fromCache, fromEarlier };
  } finally {
    await decoder.close();
  }
}

const root = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'thaw-features-'));

describe('feature extraction', () => {
  it('computes each image once, keeps it on disk, and reads the same from memory and from disk', async () => {
    const place = await root();
    const first = await extract(place);
    expect(first.prefix.computed).toBe(images.length);
    const second = await extract(place, { memoryBytes: 0 });
    expect(second.prefix.computed).toBe(0);
    expect(second.fromCache).toBe(images.length);
    expect(second.rows).toEqual(first.rows);
    const red = images.findIndex(({ path: name }) => name.startsWith('red'));
    expect(first.rows[red * 3]).toBeGreaterThan(first.rows[red * 3 + 2]!);
  });

  it('computes the same from pixels held since the scan, without a second look at the files', async () => {
    const plain = await extract(await root());
    const folder = await makeColourDataset(12);
    const opened = await openDataset(folder);
    if (!opened.ok) throw new Error(opened.error.message);
    const target = { width: 16, height: 16, resize: 'squash' } as const;
    for (const room of [images.length, 5]) {
      const held = new HeldPixels(target, room * 16 * 16 * 3);
      const dataset = await scanDataset(opened.value, quietContext(), {
        perceptual: false,
        held,
        memory: null,
      });
      if (!dataset.ok) throw new Error(dataset.error.message);
      expect(dataset.value.images.map(({ id }) => id)).toEqual(images.map(({ id }) => id));
      // What is held is not decoded again: those files may be gone.
      const looked: string[] = [];
      const watched: DatasetSource = {
        ...opened.value,
        fileOf(name) {
          looked.push(name);
          return opened.value.fileOf?.(name) ?? ok(name);
        },
      };
      const decoder = createDecoder({ held });
      const { rows } = await extract(await root(), { decoder, parts: [{ source: watched, images }] });
      await decoder.close();
      expect(rows).toEqual(plain.rows);
      expect(looked).toHaveLength(images.length - room);
      expect(held.take({ location: folder, path: images[0]!.path }, target)).toBeNull();
    }
  });

  it('computes equal files once, whatever their names', async () => {
    const twice = [...images, ...images.map(({ id }) => ({ id, path: `copy-of-${id}` }))];
    const { prefix } = await extract(await root(), { parts: [{ source, images: twice }] });
    expect(prefix.computed).toBe(images.length);
  });

  it('cuts off what a crash left half-written and computes only that again', async () => {
    const place = await root();
    const first = await extract(place);
    const [folder] = await readdir(place);
    const values = path.join(place, folder!, 'values.bin');
    await truncate(values, (await stat(values)).size - 7);
    await appendFile(path.join(place, folder!, 'images.txt'), 'half a na');
    const second = await extract(place);
    expect(second.prefix.computed).toBe(1);
    expect(second.rows).toEqual(first.rows);
  });

  it('keeps another preprocessing, size or set of weights apart', async () => {
    const place = await root();
    await extract(place);
    const other = await extract(place, { key: { ...plainKey, weightsHash: 'y' } });
    expect(other.prefix.computed).toBe(images.length);
    const cropped = await extract(place, { target: { width: 16, height: 16, resize: 'crop' } });
    expect(cropped.prefix.computed).toBe(images.length);
    // A GPU rounds more coarsely.
    const prefix = { ...meanPrefix(), device: 'gpu' } as const;
    expect((await extract(place, { prefix })).fromCache).toBe(0);
    expect((await extract(place, { prefix })).fromCache).toBe(images.length);
  });

  it('finds a row that was damaged and computes it again', async () => {
    const place = await root();
    const first = await extract(place);
    const [folder] = await readdir(place);
    const file = await open(path.join(place, folder!, 'values.bin'), 'r+');
    await file.write(Uint8Array.of(255, 254, 253), 0, 3, 4);
    await file.close();
    for (const memoryBytes of [0, 2 ** 20]) {
      const again = await extract(place, { memoryBytes });
      expect(again.prefix.computed).toBe(memoryBytes === 0 ? 1 : 0);
      expect(again.rows).toEqual(first.rows);
    }
  });

  it('keeps half precision within its rounding, in half the space', async () => {
    const [wide, narrow] = [await root(), await root()];
    const exact = await extract(wide);
    await extract(narrow, { key: { ...plainKey, encoding: 'float16' } });
    const halves = await extract(narrow, { key: { ...plainKey, encoding: 'float16' } });
    expect(halves.prefix.computed).toBe(0);
    for (const [index, value] of exact.rows.entries())
      expect(Math.abs(halves.rows[index]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11);
    const bytes = async (place: string) =>
      (await stat(path.join(place, (await readdir(place))[0]!, 'values.bin'))).size;
    expect(await bytes(narrow)).toBe((await bytes(wide)) / 2);
  });

  it('goes on from the features of an earlier cut instead of the images', async () => {
    const place = await root();
    await extract(place, { parts: [{ source, images: images.slice(0, 7) }] });
    let opened = 0;
    const shortcut: Shortcut = {
      earlier: (_, stored) => stored.flatMap(({ key }) => (key?.frontier[0] === 'mean' ? [key] : [])),
      open(from) {
        expect(from).toEqual(['mean']);
        opened += 1;
        return Promise.resolve(
          ok({
            lanes: 1,
            run: (values) => Promise.resolve(values.map((value) => value * 2)),
            dispose: () => Promise.resolve(),
          }),
        );
      },
    };
    const prefix = meanPrefix();
    const doubled = {
      ...prefix,
      outputs: [{ layer: 'doubled', shape: [3] }],
      run: async (pixels: Uint8Array, count: number) =>
        (await prefix.run(pixels, count)).map((value) => value * 2),
    };
    const direct = await extract(await root());
    const later = await extract(place, { prefix: doubled, shortcut });
    expect(opened).toBe(1);
    expect(later.fromEarlier).toBe(7);
    expect(prefix.computed).toBe(images.length - 7);
    expect(later.rows).toEqual(direct.rows.map((value) => value * 2));
  });

  it('gives every view of an image features of its own', async () => {
    const place = await root();
    const view = { strength: 'strong', flip: true, seed: 3 } as const;
    const plain = await extract(place);
    const first = await extract(place, { view: { ...view, number: 0 } });
    const second = await extract(place, { view: { ...view, number: 1 } });
    const again = await extract(place, { view: { ...view, number: 0 } });
    expect(again.prefix.computed).toBe(0);
    expect(again.rows).toEqual(first.rows);
    expect(first.rows).not.toEqual(plain.rows);
    expect(second.rows).not.toEqual(first.rows);
  });

  it('lists what it keeps, and drops what no one uses', async () => {
    const place = await root();
    await extract(place);
    const decoder = createDecoder();
    const other = { ...request(place, meanPrefix(), decoder), key: { ...plainKey, weightsHash: 'y' } };
    const held = await extractFeatures(other, quietContext());
    if (!held.ok) throw new Error(held.error.message);
    const stored = await listStored(place);
    expect(stored.map(({ key }) => key?.weightsHash).sort()).toEqual(['x', 'y']);
    expect(stored[0]!.bytes).toBeGreaterThan(images.length * 12);
    expect((await clearStored(place)).map(({ key }) => key?.weightsHash)).toEqual(['x']);
    await held.value.close();
    await decoder.close();
    expect(await clearStored(place)).toHaveLength(1);
    expect(await listStored(place)).toEqual([]);
  });

  it('lists and drops while another process drops, too', async () => {
    const place = await root();
    const names = Array.from({ length: 100 }, (_, index) => path.join(place, `${index}.private-1`));
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(names.map((name) => mkdir(name)));
      const going = Promise.all(names.map((name) => rm(name, { recursive: true, force: true })));
      await Promise.all([listStored(place), clearStored(place), listStored(place)]);
      await going;
    }
    expect(await listStored(place)).toEqual([]);
  });

  it('works beside another process that uses the same cache', async () => {
    const place = await root();
    const decoder = createDecoder();
    const held = await extractFeatures(request(place, meanPrefix(), decoder), quietContext());
    if (!held.ok) throw new Error(held.error.message);
    const beside = await extract(place);
    expect(beside.prefix.computed).toBe(images.length);
    await held.value.close();
    await decoder.close();
    expect((await readdir(place)).filter((name) => name.includes('private'))).toEqual([]);
  });

  it('holds no more images at once than a few batches, however many there are', async () => {
    const many = Array.from({ length: 600 }, (_, index) => ({
      id: index.toString(16).padStart(64, '0'),
      path: images[index % images.length]!.path,
    }));
    let waiting = 0;
    let most = 0;
    const inner = createDecoder();
    const counting: Decoder = {
      ...inner,
      async *decode(...args) {
        for await (const one of inner.decode(...args)) {
          waiting += 1;
          most = Math.max(most, waiting);
          yield one;
        }
      },
    };
    const prefix = meanPrefix();
    const slow = {
      ...prefix,
      async run(pixels: Uint8Array, count: number) {
        const rows = await prefix.run(pixels, count);
        waiting -= count;
        return rows;
      },
    };
    const table = await extractFeatures(
      { ...request(await root(), slow, counting), parts: [{ source, images: many }] },
      quietContext(),
    );
    if (!table.ok) throw new Error(table.error.message);
    await table.value.close();
    await inner.close();
    expect(prefix.computed).toBe(600);
    expect(most).toBeLessThanOrEqual(4 * 5);
  });
});
