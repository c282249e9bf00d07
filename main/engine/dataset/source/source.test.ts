import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import { openDataset, scanDataset } from '../index.ts';
import { openFolderSource } from './folderSource.ts';
import { findings, png, testFiles } from '../testFiles.ts';

const { made, folder, zip, scan } = testFiles();

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
      const dataset = await scanDataset(source.value, quietContext(), { entry: made.entry, workers: 1 });
      return dataset.ok ? 'ok' : dataset.error.code;
    };
    await mkdir(path.join(made.root, 'empty'));
    expect(await code(path.join(made.root, 'nowhere'))).toBe('input-missing');
    expect(await code(path.join(made.root, 'empty'))).toBe('input-empty');
    expect(await code(path.join(await folder('odd', { 'x.txt': Buffer.from('hi') }), 'x.txt'))).toBe(
      'input-unsupported',
    );
    expect(await code(await folder('one', { 'a/1.png': await png(1), 'a/2.png': await png(2) }))).toBe(
      'one-class',
    );
    expect(await code(await folder('loose', { '1.png': await png(1) }))).toBe('input-empty');
    await folder('odd', { 'bad.csv': Buffer.from('file,class\n') });
    const bad = await openDataset(path.join(made.root, 'odd/bad.csv'));
    expect(!bad.ok && bad.error.found).toContain('file,class');
  });

  it('says in a dataset’s own terms why none of its images can be used', async () => {
    const found = async (at: string) => {
      const source = await openDataset(at);
      if (!source.ok) return source.error.found;
      const dataset = await scanDataset(source.value, quietContext(), { entry: made.entry, workers: 1 });
      return dataset.ok ? 'ok' : dataset.error.found;
    };
    const same = { 'a/1.png': await png(1), 'b/1.png': await png(1) };
    expect(await found(await folder('same', same))).toBe(
      'The same image stands in the classes a, b: a/1.png, b/1.png. All copies were left out.',
    );
    const rows = 'path,label,weight\na/1.png,a,-1\nb/1.png,b,nan\n';
    const weighed = await folder('weighed', { ...same, 'all.csv': Buffer.from(rows) });
    expect(await found(path.join(weighed, 'all.csv'))).toBe(
      'Row 2 gives a/1.png the weight "-1"; a number above 0 was expected. And 1 more like it.',
    );
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
    expect(await code(path.join(made.root, 'cut.zip'))).toBe('input-corrupt');
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
