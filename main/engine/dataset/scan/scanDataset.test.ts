import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import { scanDataset, type DatasetSource } from '../index.ts';
import sharp from 'sharp';
import { findings, png, testFiles } from '../testFiles.ts';

const { made, folder, scan } = testFiles();

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
      { entry: made.entry, workers: 2 },
    );
    expect(!result.ok && result.error.code).toBe('cancelled');
    expect(most).toBeLessThanOrEqual(4);
    expect(events).toBeGreaterThan(0);
  });
});
