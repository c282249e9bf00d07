import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Uploads } from './uploads.ts';

const body = (bytes: number): Readable => Readable.from([Buffer.alloc(bytes)]);

describe('uploads', () => {
  it('stop at the limits of a file, of an upload, and of the number of files, and leave nothing behind', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'thaw-uploads-'));
    const uploads = new Uploads(root, { files: 3, bytes: 25, fileBytes: 10 });
    expect(await uploads.store('one', 'a.jpg', body(10))).toBe('stored');
    expect(await uploads.store('one', 'b.jpg', body(11))).toBe('too-much');
    expect(await uploads.store('one', 'c.jpg', body(8))).toBe('too-much');
    expect(await uploads.store('one', 'd.jpg', body(1))).toBe('too-much');
    expect(await readdir(path.join(root, 'one'))).toEqual(['a.jpg']);
    expect(await uploads.remove('one')).toBe(true);
    expect(await readdir(root)).toEqual([]);
  });

  it('refuse names that lead out of their folder', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'thaw-uploads-'));
    const uploads = new Uploads(root);
    for (const name of ['../a', 'a/../../b', '/a', 'a//b', 'a\\b', 'C:a', '', 'x'.repeat(300)])
      expect(await uploads.store('one', name, body(1)), name).toBe('bad-name');
    expect(await uploads.store('one', 'file', body(1))).toBe('stored');
    for (const name of ['file', 'file/inside', 'FILE/../file'])
      expect(await uploads.store('one', name, body(1)), name).toBe('bad-name');
    expect(await uploads.remove('one')).toBe(true);
    expect(await uploads.store('..', 'a', body(1))).toBe('bad-name');
    expect(await uploads.remove('..')).toBe(false);
    expect(await readdir(root)).toEqual([]);
  });
});
