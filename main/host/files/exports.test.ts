import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';
import { expect, it } from 'vitest';
import { Exports } from './exports.ts';

/** What an independent reader finds in a zip. */
function contents(zip: Buffer): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (cause, file) => {
      if (file === undefined) {
        reject(cause ?? new Error('no zip'));
        return;
      }
      const found: Record<string, string> = {};
      file.on('end', () => {
        resolve(found);
      });
      file.on('entry', (entry: { fileName: string }) => {
        file.openReadStream(entry as never, (error, stream) => {
          if (stream === undefined) {
            reject(error ?? new Error('no entry'));
            return;
          }
          void buffer(stream).then((bytes) => {
            found[entry.fileName] = bytes.toString();
            file.readEntry();
          });
        });
      });
      file.readEntry();
    });
  });
}

it('gives an export that was made as a zip of its files alone, of the size it said', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-exports-'));
  const folder = path.join(place, 'run-onnx');
  await mkdir(path.join(folder, 'golden'), { recursive: true });
  await writeFile(path.join(folder, 'model.onnx'), 'weights');
  await writeFile(path.join(folder, 'golden', '0.png'), 'picture');
  await writeFile(path.join(folder, 'private.txt'), 'not of the export');
  const exports = new Exports();
  expect(await exports.archive(folder)).toBeNull();
  exports.add(folder, ['golden/0.png', 'model.onnx']);
  expect(await exports.archive(place)).toBeNull();
  const archive = await exports.archive(folder);
  const bytes = await buffer(archive!.stream);
  expect(bytes.length).toBe(archive!.size);
  expect(archive!.name).toBe('run-onnx.zip');
  expect(await contents(bytes)).toEqual({
    'run-onnx/golden/0.png': 'picture',
    'run-onnx/model.onnx': 'weights',
  });
});

it('gives nothing when a file is gone, or was replaced by a link out of the folder', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-exports-'));
  const outside = path.join(await mkdtemp(path.join(tmpdir(), 'thaw-outside-')), 'secret');
  await writeFile(outside, 'secret');
  await writeFile(path.join(folder, 'labels.txt'), 'cat');
  await symlink(outside, path.join(folder, 'model.onnx'));
  const exports = new Exports();
  exports.add(folder, ['labels.txt', 'model.onnx']);
  expect(await exports.archive(folder)).toBeNull();
  exports.add(folder, ['labels.txt', '../../etc/passwd']);
  expect(await exports.archive(folder)).toBeNull();
  exports.add(folder, ['labels.txt']);
  await rm(path.join(folder, 'labels.txt'));
  expect(await exports.archive(folder)).toBeNull();
});
