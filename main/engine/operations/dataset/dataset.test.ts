import { cp, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageFilter } from '../../../../shared/ipc/dataset/images.ts';
import { createDecoder } from '../../dataset/index.ts';
import { quietContext } from '../../jobs/context.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { addImages, changeProject, createProject } from '../project/index.ts';
import { inspectDataset, listFindings, listImages, pictureOf } from './index.ts';
import { trimPictures } from './pictureCache.ts';
import { must } from '../../testing/must.ts';

const sample = path.join(packageRoot, 'assets', 'sample');
const all: ImageFilter = { label: null, states: ['used', 'unused', 'set-aside'], side: null };
let root: string;
let data: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-lists-'));
  process.env['THAW_CACHE'] = path.join(root, 'cache');
  data = path.join(root, 'pets');
  for (const name of ['cat', 'dog'])
    for (let image = 1; image <= 9; image += 1)
      await cp(path.join(sample, name, `${name}-0${image}.jpg`), path.join(data, name, `${image}.jpg`), {
        recursive: true,
      });
  const cat = sharp(path.join(data, 'cat', '1.jpg'));
  await cat
    .clone()
    .jpeg({ quality: 40 })
    .toFile(path.join(data, 'cat', 'again.jpg'));
  await cat
    .clone()
    .resize(64)
    .png()
    .toFile(path.join(data, 'dog', 'small.png'));
  await writeFile(path.join(data, 'cat', 'broken.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]));
});
afterAll(async () => {
  delete process.env['THAW_CACHE'];
  await rm(root, { recursive: true, force: true });
});

const images = async (location: string, filter: Partial<ImageFilter> = {}) =>
  must(await listImages(location, { ...all, ...filter }, { offset: 0, limit: 100 }, quietContext()));

describe('a dataset that is looked at', () => {
  it('lists its images by page, class, state and side', async () => {
    const report = must(await inspectDataset(data, {}, quietContext()));
    expect(report.images).toBe(20);
    const everything = await images(data);
    expect(everything.total).toBe(21);
    expect((await images(data, { label: 'dog' })).images.map((row) => row.label)).toEqual(
      Array(10).fill('dog'),
    );
    expect((await images(data, { states: ['unused'] })).images.map((row) => row.path)).toEqual([
      'cat/broken.jpg',
    ]);
    const validation = await images(data, { side: 'validation' });
    expect(validation.total).toBe(report.split?.validation);
    const page = must(await listImages(data, all, { offset: 5, limit: 3 }, quietContext()));
    expect(page.images).toEqual(everything.images.slice(5, 8));
  });

  it('says which images look nearly the same, also across classes and the split', async () => {
    const page = { offset: 0, limit: 10 };
    const near = must(await listFindings(data, 'near-duplicate', page, quietContext()));
    expect(near.findings.map((one) => one.images.map((row) => row.path))).toEqual([
      ['cat/1.jpg', 'cat/again.jpg', 'dog/small.png'],
    ]);
    expect(near.findings[0]?.message).toContain('in the classes cat, dog');
    const project = must(await createProject([data], path.join(root, 'leak'), null)).folder;
    const pins = [
      { images: ['cat/1.jpg'], split: 'validation' },
      { images: ['cat/again.jpg', 'dog/small.png'], split: 'train' },
    ] as const;
    for (const pin of pins)
      must(await changeProject(project, { type: 'decide', decision: { type: 'pin', ...pin } }));
    must(await inspectDataset(project, {}, quietContext()));
    const leaks = must(await listFindings(project, 'split-leak', page, quietContext()));
    expect(leaks.findings[0]?.message).toContain('stand in train and in validation');
  });

  it('follows a project’s decisions without looking at a file again', async () => {
    const project = must(await createProject([data], path.join(root, 'followed'), null)).folder;
    const before = must(await inspectDataset(project, {}, quietContext()));
    const seen = { files: 0 };
    const context = {
      ...quietContext(),
      emit: (event: { type: string; done?: unknown }) => {
        if (event.type === 'scan') seen.files = Math.max(seen.files, Number(event.done));
      },
    };
    const decide = async (decision: Parameters<typeof changeProject>[1]) => {
      must(await changeProject(project, decision));
      return must(await inspectDataset(project, { isKept: true }, context));
    };
    const moved = await decide({
      type: 'decide',
      decision: { type: 'label', images: ['cat/1.jpg', 'cat/2.jpg'], label: 'lion' },
    });
    expect(moved.classes.map((one) => [one.class, one.images])).toEqual([
      ['cat', 8],
      ['dog', 10],
      ['lion', 2],
    ]);
    const aside = await decide({ type: 'decide', decision: { type: 'exclude', images: ['dog/1.jpg'] } });
    expect([aside.images, aside.setAside]).toEqual([before.images - 1, 1]);
    expect((await images(project, { states: ['set-aside'] })).images.map((row) => row.path)).toEqual([
      'dog/1.jpg',
    ]);
    expect(
      (await decide({ type: 'decide', decision: { type: 'create-class', name: 'owl' } })).emptyClasses,
    ).toEqual(['owl']);
    expect(seen.files).toBe(0);
    const owl = path.join(sample, 'bird', 'bird-01.jpg');
    must(await addImages(project, 'owl', [owl], quietContext()));
    const added = must(await inspectDataset(project, { isKept: true }, context));
    expect(added.classes.find((one) => one.class === 'owl')?.images).toBe(1);
    expect(seen.files).toBe(1);
    for (let step = 0; step < 4; step += 1) must(await changeProject(project, { type: 'undo' }));
    const back = must(await inspectDataset(project, { isKept: true }, context));
    expect(back.fingerprint).toBe(before.fingerprint);
    expect(must(await inspectDataset(project, {}, quietContext())).fingerprint).toBe(before.fingerprint);
  });

  it('shows pictures: small ones upright, and exactly the pixels a network is given', async () => {
    const photo = path.join(root, 'photos', 'a', 'turned.tif');
    await mkdir(path.dirname(photo), { recursive: true });
    await sharp({ create: { width: 900, height: 300, channels: 3, background: '#336699' } })
      .tiff()
      .withMetadata({ orientation: 6 })
      .toFile(photo);
    const photos = path.join(root, 'photos');
    const small = must(await pictureOf(photos, 'a/turned.tif', { as: 'thumbnail', side: 192 }));
    expect(await sharp(await readFile(small.file)).metadata()).toMatchObject({
      format: 'jpeg',
      width: 64,
      height: 192,
    });
    for (const resize of ['squash', 'crop', 'pad'] as const) {
      const target = { width: 96, height: 80, resize };
      const shown = must(await pictureOf(data, 'cat/1.jpg', { as: 'input', ...target }));
      const decoder = createDecoder();
      const given = must(await decoder.decodeFile(path.join(data, 'cat', '1.jpg'), target));
      await decoder.close();
      const pixels = await sharp(await readFile(shown.file))
        .raw()
        .toBuffer();
      expect(Buffer.compare(pixels, Buffer.from(given))).toBe(0);
    }
    const missing = await pictureOf(data, '../secret.jpg', { as: 'thumbnail', side: 192 });
    expect(!missing.ok && missing.error.code).toBe('input-refused');
    expect((await pictureOf(data, 'cat/broken.jpg', { as: 'thumbnail', side: 192 })).ok).toBe(false);
  });

  it('makes a picture once, and keeps the cache within its bounds', async () => {
    const wish = { as: 'thumbnail', side: 768 } as const;
    const made = await Promise.all([1, 2, 3].map(() => pictureOf(data, 'cat/2.jpg', wish)));
    expect(new Set(made.map((one) => must(one).file)).size).toBe(1);
    const cache = path.join(root, 'small-cache');
    for (let index = 0; index < 10; index += 1) {
      const file = path.join(cache, String(index % 3), `${index}.jpg`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, Buffer.alloc(1000));
      await utimes(file, index, index);
    }
    await trimPictures(cache, 20_000);
    expect((await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.jpg'))).toHaveLength(
      10,
    );
    await trimPictures(cache, 5_000);
    const left = (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.jpg'));
    expect(left.map((name) => path.basename(name, '.jpg')).sort()).toEqual(['6', '7', '8', '9']);
  });
});
