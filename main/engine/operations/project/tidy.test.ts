import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TidyKind } from '../../../../shared/domain/project/tidy.ts';
import { tidyKinds } from '../../../../shared/domain/project/tidy.ts';
import { quietContext } from '../../jobs/context.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { inspectDataset } from '../dataset/index.ts';
import { changeProject, createProject, tidyProject } from './index.ts';
import { must } from '../../testing/must.ts';

const sample = path.join(packageRoot, 'assets', 'sample');
let root: string;
let data: string;

/** A dataset with something of everything: its train and val folders are the source's own split. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-tidy-'));
  data = path.join(root, 'pets');
  const at = (side: string, name: string, file: string): string => path.join(data, side, name, file);
  for (const name of ['cat', 'dog'])
    for (let image = 1; image <= 8; image += 1)
      await cp(
        path.join(sample, name, `${name}-0${image}.jpg`),
        at(image > 6 ? 'val' : 'train', name, `${image}.jpg`),
        { recursive: true },
      );
  const again = (from: string, quality: number, to: string): Promise<unknown> =>
    sharp(from).jpeg({ quality }).toFile(to);
  await cp(at('train', 'cat', '1.jpg'), at('train', 'cat', 'copy.jpg'));
  await again(at('train', 'cat', '2.jpg'), 40, at('train', 'cat', 'near.jpg'));
  await cp(at('val', 'dog', '7.jpg'), at('train', 'dog', 'leaked.jpg'));
  await again(at('val', 'dog', '8.jpg'), 40, at('train', 'dog', 'near-leak.jpg'));
  await cp(at('train', 'cat', '5.jpg'), at('train', 'dog', 'is-cat.jpg'));
  await writeFile(at('train', 'cat', 'broken.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]));
  await sharp(at('train', 'dog', '4.jpg'))
    .resize(20, 20)
    .toFile(at('train', 'dog', 'small.png'));
  const strip = await sharp(path.join(sample, 'bird', 'bird-01.jpg'))
    .resize(300, 40, { fit: 'fill' })
    .png()
    .toBuffer();
  await mkdir(path.join(data, 'train', 'strip'), { recursive: true });
  await writeFile(at('train', 'strip', 'long.png'), strip);
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function counts(project: string): Promise<Partial<Record<string, number>>> {
  return must(await inspectDataset(project, { isKept: true }, quietContext())).findingCounts;
}

describe('tidying a project', () => {
  const expected: [TidyKind, string[]][] = [
    ['truncated', ['train/cat/broken.jpg']],
    ['duplicate', ['train/cat/copy.jpg']],
    ['label-conflict', ['train/cat/5.jpg', 'train/dog/is-cat.jpg']],
    ['split-leak', ['train/dog/leaked.jpg', 'train/dog/near-leak.jpg']],
  ];

  it('takes each finding away by one decision, and undoing brings it back', async () => {
    const before = await readdir(data, { recursive: true });
    const project = must(await createProject([data], path.join(root, 'one'), null)).folder;
    const found = await counts(project);
    for (const [kind, paths] of expected) {
      const done = must(await tidyProject(project, [kind], quietContext()));
      expect(done.setAside, kind).toBe(paths.length);
      expect(done.project.undo, kind).toEqual({ type: 'exclude', images: paths.length, name: '' });
      expect((await counts(project))[kind] ?? 0, kind).toBe(0);
      expect((await counts(project))['set-aside'], kind).toBe(paths.length);
      must(await changeProject(project, { type: 'undo' }));
      expect(await counts(project), kind).toEqual(found);
    }
    expect(await readdir(data, { recursive: true })).toEqual(before);
  });

  it('tidies all at once, sets what is a setting, and then has nothing left to do', async () => {
    const project = must(await createProject([data], path.join(root, 'all'), null)).folder;
    const done = must(await tidyProject(project, tidyKinds, quietContext()));
    expect(done.training).toMatchObject({ resize: 'pad' });
    expect(done.project.training.resize).toBe('pad');
    const left = await counts(project);
    for (const kind of ['truncated', 'duplicate', 'near-duplicate', 'label-conflict', 'split-leak'] as const)
      expect(left[kind] ?? 0, kind).toBe(0);
    const again = must(await tidyProject(project, tidyKinds, quietContext()));
    expect([again.setAside, again.project.decisions]).toEqual([0, 1]);
  });
});
