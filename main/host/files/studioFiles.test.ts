import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { renditionText } from '../../../shared/ipc/dataset/images.ts';
import type { Pictures } from '../page/pictures.ts';
import { Exports } from './exports.ts';
import { StudioContent } from '../page/studioContent.ts';
import { findPage } from './studioFiles.ts';
import { Uploads } from './uploads.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-files-'));
  await mkdir(path.join(root, 'page', 'folder.js'), { recursive: true });
  for (const file of ['page/index.html', 'page/notes.txt', 'secret.svg'])
    await writeFile(path.join(root, file), '<p>');
  await symlink(path.join(root, 'secret.svg'), path.join(root, 'page', 'link.svg'));
  await symlink(path.join(root, 'page', 'index.html'), path.join(root, 'page', 'inside.html'));
});

describe('what a studio shows', () => {
  it('is the page, and nothing outside its folder, nor a link that leads out, nor another kind of file', async () => {
    const page = path.join(root, 'page');
    expect(await findPage(page, '/')).toMatchObject({ type: 'text/html; charset=utf-8', size: 3 });
    expect(await findPage(page, '/inside.html')).not.toBeNull();
    for (const inside of ['../secret.svg', 'link.svg', 'notes.txt', 'folder.js', 'none.js', 'a\0.svg'])
      expect(await findPage(page, `/${inside}`), inside).toBeNull();
  });

  it('is images of what was opened, in the ways there are', async () => {
    const asked: string[] = [];
    const pictures: Pictures = (dataset, image, rendition) => {
      asked.push(`${dataset} ${image} ${renditionText(rendition)}`);
      return Promise.resolve(image === 'none' ? null : { file: '/cache/x', type: 'image/jpeg', size: 5 });
    };
    const uploads = new Uploads(path.join(root, 'uploads'));
    const datasets = new Set(['/data']);
    const exports = new Exports();
    const content = new StudioContent({ pageFolder: root, datasets, pictures, uploads, exports });
    const image = (query: Record<string, string>) =>
      content.get(new URL(`http://studio/image?${new URLSearchParams(query).toString()}`));
    expect(await image({ dataset: '/data', path: 'a' })).toMatchObject({ kind: 'file', isLasting: false });
    const input = { dataset: '/data', path: 'a', as: 'input-224x192-crop', v: '1' };
    expect(await image(input)).toMatchObject({ kind: 'file', isLasting: true });
    expect(await image({ dataset: '/data', path: 'none' })).toMatchObject({ status: 404 });
    expect(await image({ dataset: '/other', path: 'a' })).toMatchObject({ status: 403 });
    for (const as of ['thumbnail-5000', 'input-1x1-crop', 'input-224x224-bend', 'raw'])
      expect(await image({ dataset: '/data', path: 'a', as }), as).toMatchObject({ status: 400 });
    expect(asked).toEqual([
      '/data a thumbnail-192',
      '/data a input-224x192-crop',
      '/data none thumbnail-192',
    ]);
    expect(await content.get(new URL('http://studio/%'))).toMatchObject({ status: 400 });
    expect(await content.get(new URL('http://studio/%2e%2e%2fsecret.svg'))).toMatchObject({ status: 404 });
  });
});
