import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { cacheFolder } from '../../runtime/cacheFolder.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { must } from '../../testing/must.ts';
import { operations } from '../index.ts';

/** Images of each class. */
const each = 8;

let root: string;
let dataset: string;
let runs = 0;
/** What image files were given to a worker for. */
let decodes: string[] = [];
const onDecode = (message: unknown) => decodes.push((message as { work: string }).work);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-decode-once-'));
  const runtime = path.join(cacheFolder(), 'runtime');
  await mkdir(runtime, { recursive: true });
  await mkdir(path.join(root, 'cache'));
  await symlink(runtime, path.join(root, 'cache', 'runtime'), 'junction');
  vi.stubEnv('THAW_CACHE', path.join(root, 'cache'));
  dataset = path.join(root, 'data');
  await linkSamples('cat', 0, each);
  await linkSamples('dog', 0, each);
  subscribe('thaw:decode', onDecode);
});
afterAll(async () => {
  unsubscribe('thaw:decode', onDecode);
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

/** Links, because what was written a moment ago would be looked at again. */
async function linkSamples(name: string, from: number, to: number): Promise<void> {
  const samples = path.join(packageRoot, 'assets', 'sample', name);
  await mkdir(path.join(dataset, name), { recursive: true });
  for (const file of (await readdir(samples)).sort().slice(from, to))
    await symlink(path.join(samples, file), path.join(dataset, name, file));
}

/** Trains; gives what it decoded and what came of it. */
async function train(more: Partial<TrainSettings> = {}) {
  decodes = [];
  const settings = { ...defaultTrainSettings, dataset, epochs: 2, earlyStop: 0, imageSize: 64, ...more };
  const result = must(await operations.train(settings, path.join(root, `run-${++runs}`), quietContext()));
  const losses = result.epochs.map(({ loss, valLoss }) => [loss, valLoss]);
  return { decodes: [...decodes], losses };
}

it('decodes every image once, nothing in a second run, and then only what is new', async () => {
  const first = await train();
  expect(first.decodes).toEqual(Array(2 * each).fill('examine'));
  const second = await train();
  expect(second.decodes).toEqual([]);
  expect(second.losses).toEqual(first.losses);

  await linkSamples('cat', each, each + 2);
  expect((await train()).decodes).toEqual(['examine', 'examine']);
  await linkSamples('dog', each, each + 2);
  // Without the memory all are looked at again; the features that are there are not computed again.
  await rm(path.join(root, 'cache', 'scans'), { recursive: true });
  expect((await train()).decodes).toEqual(Array(2 * each + 4).fill('examine'));
  // Without features each image is decoded once, for its pixels.
  await rm(path.join(root, 'cache', 'features'), { recursive: true });
  expect((await train()).decodes).toEqual(Array(2 * each + 4).fill('decode'));
});

const countsOf = (works: readonly string[]) => {
  const count = (wanted: string) => works.filter((work) => work === wanted).length;
  return { examine: count('examine'), decode: count('decode'), view: count('view') };
};

it('takes variations of pixels that were decoded once, kept views and new ones each epoch', async () => {
  const all = 2 * each + 4;
  for (const augmentViews of [2, 0]) {
    for (const folder of ['scans', 'features'])
      await rm(path.join(root, 'cache', folder), { recursive: true, force: true });
    const varied = { augment: 'light', augmentViews, epochs: 3 } as const;
    const first = await train(varied);
    const views = augmentViews === 0 ? 3 : augmentViews;
    const validated = countsOf(first.decodes).decode;
    // Validation images are seen as they are, and are not known before all images have been looked at.
    expect(validated).toBeLessThan(all / 2);
    const trained = all - validated;
    expect(countsOf(first.decodes)).toEqual({ examine: all, decode: validated, view: views * trained });

    await rm(path.join(root, 'cache', 'features'), { recursive: true });
    const second = await train(varied);
    // Nothing is looked at, so the first view decodes.
    expect(countsOf(second.decodes)).toEqual({ examine: 0, decode: all, view: (views - 1) * trained });
    expect(second.losses).toEqual(first.losses);
  }
});

it('evaluates on the pixels that were decoded to look at the images', async () => {
  await train();
  const run = path.join(root, `run-${runs}`);
  await rm(path.join(root, 'cache', 'scans'), { recursive: true });
  decodes = [];
  const first = must(await operations.evaluate(run, dataset, quietContext()));
  expect(decodes).toEqual(Array(2 * each + 4).fill('examine'));
  decodes = [];
  expect(must(await operations.evaluate(run, dataset, quietContext()))).toEqual(first);
  expect(decodes).toEqual(Array(2 * each + 4).fill('decode'));
});

it('lists and drops what is remembered', async () => {
  await train();
  const listed = must(await operations.cache('list', quietContext()));
  expect(listed.scans.entries.map(({ place }) => place)).toEqual([dataset]);
  const cleared = must(await operations.cache('clear', quietContext()));
  expect([cleared.dropped?.scans, cleared.scans.entries]).toEqual([1, []]);
  expect((await train()).decodes).not.toEqual([]);
});
