import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { StudioContent } from './studioContent.ts';
import { findImage, findPage } from './studioFiles.ts';
import { Uploads } from './uploads.ts';

let root: string;
let dataset: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-files-'));
  dataset = path.join(root, 'data');
  await mkdir(path.join(dataset, 'cat'), { recursive: true });
  await mkdir(path.join(root, 'data-other'));
  await mkdir(path.join(dataset, 'folder.png'));
  for (const file of ['data/cat/a.png', 'data/notes.txt', 'data-other/secret.png', 'secret.png'])
    await writeFile(path.join(root, file), 'bytes');
  await symlink(path.join(root, 'secret.png'), path.join(dataset, 'link.png'));
  await symlink(path.join(dataset, 'cat', 'a.png'), path.join(dataset, 'inside.png'));
});

describe('what a studio shows of a dataset', () => {
  it('is an image inside it', async () => {
    expect(await findImage(dataset, 'cat/a.png')).toMatchObject({ type: 'image/png', size: 5 });
    expect(await findImage(dataset, 'inside.png')).not.toBeNull();
  });

  it('is never outside it, nor a link that leads out, nor another kind of file', async () => {
    const refused = ['../secret.png', '../data-other/secret.png', 'link.png', 'notes.txt', 'folder.png'];
    for (const inside of [...refused, 'cat/../../secret.png', '/etc/passwd', 'cat/none.png', 'a\0.png', ''])
      expect(await findImage(dataset, inside), inside).toBeNull();
  });

  it('is nothing of a folder that was not opened', async () => {
    const uploads = new Uploads(path.join(root, 'uploads'));
    const content = new StudioContent({ pageFolder: root, datasets: new Set([dataset]), uploads });
    const image = (folder: string, inside: string) => {
      const query = new URLSearchParams({ dataset: folder, path: inside }).toString();
      return content.get(new URL(`http://studio/image?${query}`));
    };
    expect(await image(dataset, 'cat/a.png')).toMatchObject({ kind: 'file', size: 5 });
    expect(await image(root, 'secret.png')).toMatchObject({ kind: 'message', status: 403 });
    expect(await content.get(new URL('http://studio/%'))).toMatchObject({ status: 400 });
    expect(await content.get(new URL('http://studio/%2e%2e%2fsecret.svg'))).toMatchObject({ status: 404 });
  });

  it('finds the page at the top', async () => {
    await writeFile(path.join(root, 'index.html'), '<p>');
    expect(await findPage(root, '/')).toMatchObject({ type: 'text/html; charset=utf-8', size: 3 });
  });
});
