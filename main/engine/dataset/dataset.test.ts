import { mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset, ImageRecord } from '../../../shared/domain/dataset.ts';
import { quietContext } from '../jobs/context.ts';
import { openDataset, scanDataset, splitDataset, type DatasetSource } from './index.ts';
import { openFolderSource } from './source/folderSource.ts';
import { buildTestWorker } from './testWorker.ts';
import { zipOf } from './testZip.ts';

let root: string;
let entry: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-dataset-'));
  entry = await buildTestWorker();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const png = (seed: number) =>
  sharp({ create: { width: 36, height: 32, channels: 3, background: { r: seed & 255, g: seed >> 8, b: 9 } } })
    .png()
    .toBuffer();

async function folder(name: string, files: Record<string, Uint8Array>): Promise<string> {
  for (const [at, bytes] of Object.entries(files)) {
    const file = path.join(root, name, at);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return path.join(root, name);
}

const zip = (name: string, files: Record<string, Uint8Array>, mode?: number) =>
  zipOf(path.join(root, name), files, mode);

async function scan(location: string): Promise<Dataset> {
  const source = await openDataset(location);
  if (!source.ok) throw new Error(source.error.message);
  const dataset = await scanDataset(source.value, quietContext(), { entry, workers: 2 });
  await source.value.close();
  if (!dataset.ok) throw new Error(dataset.error.message);
  return dataset.value;
}

const findings = (dataset: Dataset) =>
  dataset.findings.map(({ kind, paths }) => `${kind} ${paths.join('|')}`);

describe('sources', () => {
  it('reads a zip with one top folder like the folder it was made of', async () => {
    const files = {
      'a/1.png': await png(1),
      'a/2.png': await png(2),
      'b/3.png': await png(3),
      'b/ä 名.png': await png(4),
    };
    const plain = await scan(await folder('plain', files));
    const inTop = Object.fromEntries(Object.entries(files).map(([at, bytes]) => [`top/${at}`, bytes]));
    const zipped = await scan(await zip('z.zip', { ...inTop, '__MACOSX/top/a/._1.png': Buffer.from('x') }));
    expect(zipped.classes).toEqual(['a', 'b']);
    expect(zipped.images.map(({ id, path: at }) => [at.slice(4), id])).toEqual(
      plain.images.map(({ id, path: at }) => [at, id]),
    );
    expect(findings(zipped)).toEqual(['hidden-file __MACOSX/top/a/._1.png']);
  });

  it('takes train/ val/ test/ and a CSV at their word', async () => {
    const files = {
      'train/a/1.png': await png(1),
      'train/b/2.png': await png(2),
      'val/a/3.png': await png(3),
      'test/b/4.png': await png(4),
    };
    const at = await folder('named', files);
    const named = await scan(at);
    expect(named.images.map(({ split }) => split)).toEqual(['test', 'train', 'train', 'validation']);
    await writeFile(
      path.join(at, 'd.csv'),
      '\uFEFFpath;label;split\ntrain/a/1.png;x;train\n"val/a/3.png";y;val\n../plain/a/1.png;x;train\nnone.png;x;\n',
    );
    const csv = await scan(path.join(at, 'd.csv'));
    expect(csv.images.map(({ label, split }) => [label, split])).toEqual([
      ['x', 'train'],
      ['y', 'validation'],
    ]);
    expect(findings(csv)).toContain('outside-folder ../plain/a/1.png');
    expect(findings(csv)).toContain('unreadable none.png');
  });

  it('takes weights from a CSV, and names one that is none', async () => {
    const at = await folder('weighted', {
      'a/1.png': await png(1),
      'b/2.png': await png(2),
      'b/3.png': await png(3),
    });
    const rows = (last: string) => `path,label,weight\na/1.png,x,2.5\nb/2.png,y,\nb/3.png,y,${last}\n`;
    const file = path.join(at, 'd.csv');
    await writeFile(file, rows('0'));
    const csv = await scan(file);
    expect(csv.images.map(({ weight }) => weight)).toEqual([2.5, undefined]);
    expect(csv.findings.map(({ message }) => message).join()).toContain('the weight "0"');
    await writeFile(file, rows('1'));
    const one = await scan(file);
    await writeFile(file, rows('3'));
    expect((await scan(file)).fingerprint).not.toBe(one.fingerprint);
  });

  it('says what is wrong with a location', async () => {
    const code = async (at: string) => {
      const source = await openDataset(at);
      if (!source.ok) return source.error.code;
      const dataset = await scanDataset(source.value, quietContext(), { entry, workers: 1 });
      return dataset.ok ? 'ok' : dataset.error.code;
    };
    await mkdir(path.join(root, 'empty'));
    expect(await code(path.join(root, 'nowhere'))).toBe('input-missing');
    expect(await code(path.join(root, 'empty'))).toBe('input-empty');
    expect(await code(path.join(await folder('odd', { 'x.txt': Buffer.from('hi') }), 'x.txt'))).toBe(
      'input-unsupported',
    );
    expect(await code(await folder('one', { 'a/1.png': await png(1), 'a/2.png': await png(2) }))).toBe(
      'one-class',
    );
    expect(await code(await folder('loose', { '1.png': await png(1) }))).toBe('input-empty');
    await folder('odd', { 'bad.csv': Buffer.from('file,class\n') });
    const bad = await openDataset(path.join(root, 'odd/bad.csv'));
    expect(!bad.ok && bad.error.found).toContain('file,class');
  });

  it('refuses traversal, symbolic links and bombs in a zip', async () => {
    const code = async (at: string) => {
      const source = await openDataset(at);
      return source.ok ? 'ok' : source.error.code;
    };
    const tamper = async (name: string, from: string, to: string) => {
      const at = await zip(name, { [from]: await png(1), 'b/2.png': await png(2) });
      const { readFile } = await import('node:fs/promises');
      await writeFile(
        at,
        Buffer.from((await readFile(at)).toString('latin1').replaceAll(from, to), 'latin1'),
      );
      return at;
    };
    expect(await code(await tamper('up.zip', 'aa/1.png', '../1.png'))).toBe('input-refused');
    expect(await code(await tamper('abs.zip', 'aa/1.png', '/a/1.png'))).toBe('input-refused');
    expect(await code(await zip('link.zip', { 'a/1.png': Buffer.from('/etc/passwd') }, 0o120777))).toBe(
      'input-refused',
    );
    expect(await code(await zip('bomb.zip', { 'a/1.png': Buffer.alloc(100 * 1024 ** 2) }))).toBe(
      'input-refused',
    );
    await truncate(await zip('cut.zip', { 'a/1.png': await png(1) }), 60);
    expect(await code(path.join(root, 'cut.zip'))).toBe('input-corrupt');
  });

  it('reports links in a circle and unreadable folders and goes on', async () => {
    const at = await folder('links', {
      'a/1.png': await png(1),
      'b/2.png': await png(2),
      '3.png': await png(3),
    });
    await symlink('..', path.join(at, 'b/loop'));
    await symlink('gone.png', path.join(at, 'a/dangling.png'));
    expect(findings(await scan(at))).toEqual(
      expect.arrayContaining(['symlink-loop b/loop', 'unreadable a/dangling.png', 'unlabelled 3.png']),
    );
    const { opendir } = await import('node:fs/promises');
    const source = await openFolderSource(at, (folderPath) =>
      folderPath.endsWith('/b/')
        ? Promise.reject(Object.assign(new Error('x'), { code: 'EACCES' }))
        : opendir(folderPath),
    );
    const seen: string[] = [];
    if (source.ok) {
      for await (const one of source.value.list(new AbortController().signal)) {
        if (one.type === 'finding') seen.push(`${one.finding.kind} ${one.finding.paths.join()}`);
      }
    }
    expect(seen).toContain('unreadable b/');
  });
});

describe('scan', () => {
  it('finds damage, conflicts, leaks and duplicates, and changes nothing on disk', async () => {
    const jpeg = await sharp(await png(77))
      .resize(200, 200)
      .jpeg()
      .toBuffer();
    const at = await folder('mixed', {
      'train/a/1.png': await png(1),
      'train/a/1 copy.png': await png(1),
      'train/a/both.png': await png(2),
      'train/b/both.png': await png(2),
      'train/a/leak.png': await png(3),
      'val/a/leak.png': await png(3),
      'train/b/cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
      'train/b/zero.jpg': Buffer.alloc(0),
      'train/b/text.jpg': Buffer.from('hello'),
      'train/b/named.png': jpeg,
      'train/b/x.pdf': Buffer.from('%PDF-1.4'),
    });
    const before = await readdir(at, { recursive: true });
    const dataset = await scan(at);
    expect(findings(dataset)).toEqual(
      expect.arrayContaining([
        'duplicate train/a/1.png',
        'label-conflict train/a/both.png|train/b/both.png',
        'split-leak train/a/leak.png',
        'truncated train/b/cut.jpg',
        'empty-file train/b/zero.jpg',
        'not-an-image train/b/text.jpg',
        'extension-mismatch train/b/named.png',
        'unsupported-format train/b/x.pdf',
        'small-class b',
      ]),
    );
    expect(dataset.images.map((image) => image.path)).toEqual([
      'train/a/1 copy.png',
      'train/b/named.png',
      'val/a/leak.png',
    ]);
    expect(await readdir(at, { recursive: true })).toEqual(before);
  });

  it('pulls a listing of 20,000 files as it goes, holds few contents, and stops when cancelled', async () => {
    const bytes = await png(5);
    let listed = 0;
    let open = 0;
    let most = 0;
    const source: DatasetSource = {
      kind: 'folder',
      location: '/x',
      name: 'x',
      async *list() {
        for (let i = 0; i < 20_000; i++) {
          listed += 1;
          yield { type: 'file' as const, path: `a/${i}.png`, label: `c${i % 2}`, split: null };
          if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      },
      async read() {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 2));
        open -= 1;
        return { ok: true, value: new Uint8Array(bytes) };
      },
      close: () => Promise.resolve(),
    };
    const abort = new AbortController();
    let events = 0;
    const result = await scanDataset(
      source,
      {
        ...quietContext(),
        signal: abort.signal,
        emit: () => events++,
        gate: () => {
          if (listed > 300) abort.abort();
          return Promise.resolve();
        },
      },
      { entry, workers: 2 },
    );
    expect(!result.ok && result.error.code).toBe('cancelled');
    expect(most).toBeLessThanOrEqual(4);
    expect(events).toBeGreaterThan(0);
  });
});

describe('split', () => {
  const images = (from: number, to: number): ImageRecord[] =>
    Array.from({ length: to - from }, (_, i) => ({
      id: `id${from + i}`,
      path: `p${from + i}`,
      label: `c${(from + i) % 4}`,
      split: null,
      bytes: 1,
      width: 1,
      height: 1,
      format: 'png',
    }));
  const dataset = (list: ImageRecord[]): Dataset => ({
    name: 'd',
    location: '/d',
    kind: 'folder',
    classes: ['c0', 'c1', 'c2', 'c3'],
    images: list,
    findings: [],
    fingerprint: '',
  });
  const sides = (list: ImageRecord[], seed: number) => {
    const split = splitDataset(dataset(list), { validationSplit: 0.2, seed });
    if (!split.ok) throw new Error(split.error.message);
    return split.value;
  };

  it('keeps every image on its side when others are added, and follows the seed', () => {
    const small = sides(images(0, 400), 1);
    const grown = new Set(sides(images(0, 1000), 1).validation.map(({ id }) => id));
    expect(small.validation.every(({ id }) => grown.has(id))).toBe(true);
    expect(small.train.some(({ id }) => grown.has(id))).toBe(false);
    expect(sides(images(0, 400), 2).validation).not.toEqual(small.validation);
  });

  it('cuts every class in proportion and validates each class of two', () => {
    const { validation } = sides(images(0, 4000), 3);
    for (const name of ['c0', 'c1', 'c2', 'c3']) {
      expect(Math.abs(validation.filter(({ label }) => label === name).length / 1000 - 0.2)).toBeLessThan(
        0.05,
      );
    }
    for (let seed = 0; seed < 20; seed++) {
      const { train, validation: few } = sides(images(0, 8), seed);
      expect([train.length, few.length]).toEqual([4, 4]);
    }
  });
});
