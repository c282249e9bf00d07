import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../shared/domain/dataset.ts';
import type { Decision } from '../../../../shared/domain/project/decisions.ts';
import { projectFileSchema } from '../../../../shared/ipc/project/project.ts';
import { openDataset, scanDataset, splitDataset } from '../../dataset/index.ts';
import { buildTestWorker } from '../../dataset/testWorker.ts';
import { quietContext } from '../../jobs/context.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { addImages, changeProject, createProject, openProject } from './index.ts';
import { must } from '../../testing/must.ts';

let root: string;
let data: string;
let worker: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-project-'));
  data = path.join(root, 'pets');
  worker = await buildTestWorker();
  for (const [index, name] of ['cat', 'dog'].entries())
    for (let image = 0; image < 5; image += 1)
      await picture(path.join(data, name, `${name}${image}.png`), index * 100 + image);
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function picture(file: string, shade: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await sharp({ create: { width: 32, height: 32, channels: 3, background: { r: shade, g: 1, b: 2 } } })
    .png()
    .toFile(file);
}

async function make(name: string, datasets = [data]): Promise<string> {
  return must(await createProject(datasets, path.join(root, name), null)).folder;
}

async function decide(project: string, ...decisions: Decision[]): Promise<void> {
  for (const decision of decisions) must(await changeProject(project, { type: 'decide', decision }));
}

async function scan(location: string): Promise<Dataset> {
  const source = must(await openDataset(location));
  try {
    return must(await scanDataset(source, quietContext(), { entry: worker, minimumClasses: 0, workers: 1 }));
  } finally {
    await source.close();
  }
}

function labels(dataset: Dataset): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label } of dataset.images) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

describe('a project', () => {
  it('is its dataset, with the user’s decisions over it and not a file changed', async () => {
    const before = await readdir(data, { recursive: true });
    const project = await make('decided');
    expect(labels(await scan(project))).toEqual({ cat: 5, dog: 5 });
    expect((await scan(project)).fingerprint).toBe((await scan(data)).fingerprint);
    await decide(
      project,
      { type: 'exclude', images: ['cat/cat0.png'] },
      { type: 'label', images: ['dog/dog0.png', 'dog/dog1.png'], label: 'wolf' },
      { type: 'rename-class', from: 'dog', to: 'hound' },
    );
    const decided = await scan(path.join(project, 'project.thaw'));
    expect(decided.kind).toBe('project');
    expect(labels(decided)).toEqual({ cat: 4, hound: 3, wolf: 2 });
    expect(decided.findings.map(({ kind, paths }) => [kind, ...paths])).toEqual([
      ['set-aside', 'cat/cat0.png'],
    ]);
    for (const step of [1, 2, 3]) {
      const view = must(await changeProject(project, { type: 'undo' }));
      expect(view.decisions).toBe(3 - step);
    }
    expect(labels(await scan(project))).toEqual({ cat: 5, dog: 5 });
    must(await changeProject(project, { type: 'redo' }));
    expect(labels(await scan(project))).toEqual({ cat: 4, dog: 5 });
    expect(await readdir(data, { recursive: true })).toEqual(before);
  });

  it('collects images of its own, and lets them go when that is undone', async () => {
    const project = await make('collected', []);
    const text = path.join(root, 'notes.txt');
    await writeFile(text, 'not an image');
    const files = [path.join(data, 'cat'), path.join(data, 'dog', 'dog0.png'), text];
    const added = must(await addImages(project, 'my pets', files, quietContext()));
    expect(added.added).toHaveLength(6);
    expect(added.refused).toEqual([{ file: text, found: 'not an image' }]);
    expect(labels(await scan(project))).toEqual({ 'my pets': 6 });
    const again = must(await addImages(project, 'my pets', [files[1]!], quietContext()));
    expect(again.added).toEqual(['@added/my pets/dog0-2.png']);
    must(await changeProject(project, { type: 'undo' }));
    must(await changeProject(project, { type: 'undo' }));
    expect(labels(await scan(project))).toEqual({});
    expect((await scan(project)).findings).toEqual([]);
    must(await changeProject(project, { type: 'redo' }));
    expect(labels(await scan(project))).toEqual({ 'my pets': 6 });
    const source = must(await openDataset(project));
    expect((await source.read('@added/../../project.thaw')).ok).toBe(false);
    await source.close();
  });

  it('puts two datasets together and pins images to a side of the split', async () => {
    const more = path.join(root, 'more');
    await picture(path.join(more, 'cat', 'cat0.png'), 250);
    const project = await make('two', [data, more]);
    const dataset = await scan(project);
    expect(labels(dataset)).toEqual({ cat: 6, dog: 5 });
    expect(dataset.images.at(-1)?.path).toBe('set-2/cat/cat0.png');
    const pinned = dataset.images.slice(0, 3).map((image) => image.path);
    await decide(project, { type: 'pin', images: pinned, split: 'test' });
    const split = must(splitDataset(await scan(project), { validationSplit: 0.2, seed: 0 }));
    expect(split.test.map((image) => image.path)).toEqual(pinned);
    expect(split.validation.length).toBeGreaterThan(0);
  });

  it('finds its dataset again when both were moved together, and is told when it was not', async () => {
    const here = path.join(root, 'here');
    await cp(data, path.join(here, 'pets'), { recursive: true });
    const project = must(
      await createProject([path.join(here, 'pets')], path.join(here, 'work'), 'Moved'),
    ).folder;
    const there = path.join(root, 'there');
    await rename(here, there);
    const moved = path.join(there, path.basename(project));
    expect(labels(await scan(moved))).toEqual({ cat: 5, dog: 5 });
    await rename(path.join(there, 'pets'), path.join(root, 'elsewhere'));
    const lost = await openDataset(moved);
    expect(!lost.ok && lost.error.code).toBe('input-missing');
    expect(must(await openProject(moved, null)).datasets[0]?.isMissing).toBe(true);
    must(await changeProject(moved, { type: 'relocate', key: '', location: path.join(root, 'elsewhere') }));
    expect(labels(await scan(moved))).toEqual({ cat: 5, dog: 5 });
  });

  it('is made once for a dataset that is opened, and refuses what makes no sense', async () => {
    const home = path.join(root, 'home');
    const first = must(await openProject(data, home));
    expect(must(await openProject(`${data}/`, home)).folder).toBe(first.folder);
    expect(must(await openProject(first.folder, home)).folder).toBe(first.folder);
    const refusals = [
      await changeProject(first.folder, { type: 'undo' }),
      await changeProject(first.folder, { type: 'decide', decision: { type: 'create-class', name: 'cat' } }),
      await changeProject(first.folder, { type: 'split', split: { validation: 0.6, test: 0.5, seed: 0 } }),
    ];
    expect(refusals.map((one) => !one.ok && one.error.code)).toEqual(['usage', 'usage', 'usage']);
    expect((await createProject([first.folder], path.join(root, 'nested'), null)).ok).toBe(false);
    expect((await createProject([data], first.folder, null)).ok).toBe(false);
  });

  it('is whole at whatever moment its process is killed', async () => {
    const project = await make('killed');
    await build({
      stdin: {
        contents: `import { changeProject } from './index.ts';
          for (let step = 0; ; step += 1) {
            const images = Array.from({ length: 2000 }, (_, image) => step + '/' + image);
            await changeProject(process.argv[2], { type: 'decide', decision: { type: 'exclude', images } });
            if (step === 0) console.log('begun');
          }`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      outfile: path.join(packageRoot, 'dist', 'main', 'project-busy.test-build.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    for (const wait of [3, 17, 31, 60]) {
      const busy = spawn(
        process.execPath,
        [path.join(packageRoot, 'dist', 'main', 'project-busy.test-build.mjs'), project],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await new Promise((resolve) => busy.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, wait));
      busy.kill('SIGKILL');
      await new Promise((resolve) => busy.once('exit', resolve));
      const text = await readFile(path.join(project, 'project.thaw'), 'utf8');
      expect(projectFileSchema.safeParse(JSON.parse(text)).success).toBe(true);
    }
  });
});
