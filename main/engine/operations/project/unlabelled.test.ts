import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Decision } from '../../../../shared/domain/project/decisions.ts';
import { openDataset, scanDataset } from '../../dataset/index.ts';
import { quietContext } from '../../jobs/context.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { must } from '../../testing/must.ts';
import { inspectDataset, listImages } from '../dataset/index.ts';
import { changeProject, createProject, tidyProject } from './index.ts';

const sample = path.join(packageRoot, 'assets', 'sample');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-unlabelled-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Cats and dogs, and beside their folders an image, a text and, where links can be made, one in a circle. */
async function makePets(name: string): Promise<string> {
  const pets = path.join(root, name);
  for (const kind of ['cat', 'dog'])
    for (let image = 1; image <= 3; image += 1)
      await cp(path.join(sample, kind, `${kind}-0${image}.jpg`), path.join(pets, kind, `${image}.jpg`), {
        recursive: true,
      });
  await cp(path.join(sample, 'cat', 'cat-09.jpg'), path.join(pets, 'loose.jpg'));
  await writeFile(path.join(pets, 'notes.txt'), 'notes');
  await mkdir(path.join(pets, 'cat', 'more'));
  await symlink(path.join(pets, 'cat'), path.join(pets, 'cat', 'more', 'up'), 'junction');
  return pets;
}

const report = async (project: string, isKept = true) =>
  must(await inspectDataset(project, { isKept }, quietContext()));

const decide = async (project: string, decision: Decision) =>
  must(await changeProject(project, { type: 'decide', decision }));

const rows = async (project: string) => {
  const filter = { label: null, states: ['used', 'unused', 'set-aside'] as const, side: null };
  return must(await listImages(project, filter, { offset: 0, limit: 100 }, quietContext())).images;
};

/** What a training is given. */
async function trained(project: string): Promise<string[]> {
  const source = must(await openDataset(project));
  const { images } = must(await scanDataset(source, quietContext()));
  await source.close();
  return images.map((image) => `${image.label} ${image.path}`).sort();
}

it('puts an image without a class into one, for the list, a new look and a training alike, until undone', async () => {
  const pets = await makePets('labelled');
  const project = must(await createProject([pets], path.join(root, 'labelled-project'), null)).folder;
  const before = await report(project, false);
  expect(before.findingCounts).toMatchObject({ unlabelled: 1, 'not-an-image': 1, 'symlink-loop': 1 });

  await decide(project, { type: 'label', images: ['loose.jpg'], label: 'cat' });
  const after = await report(project);
  expect(after.findingCounts.unlabelled).toBeUndefined();
  expect(after.images).toBe(before.images + 1);
  expect((await rows(project)).find((row) => row.path === 'loose.jpg')).toMatchObject({
    ...{ label: 'cat', state: 'used', width: 128 },
  });
  expect(await report(project, false)).toEqual(after);
  expect(await trained(project)).toContain('cat loose.jpg');

  // Like any other image it can be moved, and set aside.
  await decide(project, { type: 'rename-class', from: 'cat', to: 'tabby' });
  expect(await trained(project)).toContain('tabby loose.jpg');
  await decide(project, { type: 'exclude', images: ['loose.jpg'] });
  expect((await rows(project)).find((row) => row.path === 'loose.jpg')?.state).toBe('set-aside');
  expect((await report(project)).setAside).toBe(1);
  expect(await trained(project)).not.toContain('tabby loose.jpg');

  for (let step = 0; step < 3; step += 1) must(await changeProject(project, { type: 'undo' }));
  expect(await report(project)).toEqual(before);
  expect((await rows(project)).map((row) => row.path)).not.toContain('loose.jpg');
  expect(await trained(project)).not.toContain('cat loose.jpg');
});

it('takes what was not looked at off the list, and undoing brings it back', async () => {
  const pets = await makePets('left-out');
  const names = await readdir(pets, { recursive: true });
  const project = must(await createProject([pets], path.join(root, 'left-out-project'), null)).folder;
  const before = await report(project);
  const done = must(
    await tidyProject(project, ['unlabelled', 'symlink-loop', 'not-an-image'], quietContext()),
  );
  expect(done.setAside).toBe(3);
  const after = await report(project);
  expect(after.findingCounts).toEqual({});
  expect([after.images, after.setAside]).toEqual([before.images, 0]);
  expect(await report(project, false)).toEqual(after);
  must(await changeProject(project, { type: 'undo' }));
  expect(await report(project)).toEqual(before);
  expect(await readdir(pets, { recursive: true })).toEqual(names);
});

it('keeps an image that a CSV names once with a class and once without', async () => {
  const folder = path.join(root, 'csv');
  await cp(path.join(sample, 'cat'), path.join(folder, 'cat'), { recursive: true });
  await cp(path.join(sample, 'dog'), path.join(folder, 'dog'), { recursive: true });
  const lines = ['path,label', 'cat/cat-01.jpg,', 'cat/cat-01.jpg,cat', 'dog/dog-01.jpg,dog', '../x.jpg,dog'];
  await writeFile(path.join(folder, 'list.csv'), lines.join('\n'));
  const list = path.join(folder, 'list.csv');
  const project = must(await createProject([list], path.join(root, 'csv-project'), null)).folder;
  const before = await trained(project);
  expect((await report(project)).findingCounts).toMatchObject({ unlabelled: 1, 'outside-folder': 1 });
  const done = must(await tidyProject(project, ['unlabelled', 'outside-folder'], quietContext()));
  expect(done.setAside).toBe(1);
  expect(await trained(project)).toEqual(before);
  await decide(project, { type: 'label', images: ['cat/cat-01.jpg'], label: 'tabby' });
  expect(await trained(project)).toEqual(['dog dog/dog-01.jpg', 'tabby cat/cat-01.jpg']);
});
