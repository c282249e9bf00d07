import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';

const openZip = promisify<string, yauzl.Options, ZipFile>((file, options, done) => {
  yauzl.open(file, options, (error, zip) => {
    done(error, zip);
  });
});

/** Unpacks the entries that `wanted` accepts below `folder`, keeping their paths. */
export async function extractZip(
  file: string,
  folder: string,
  wanted: (name: string) => boolean,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: (done: number, total: number) => void;
  } = {},
): Promise<void> {
  const entries: Entry[] = [];
  const zip = await openZip(file, { lazyEntries: true, autoClose: false });
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        if (!entry.fileName.endsWith('/') && wanted(entry.fileName)) entries.push(entry);
        zip.readEntry();
      });
      zip.once('end', resolve);
      zip.once('error', reject);
      zip.readEntry();
    });
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const entry of entries) {
      const place = path.join(folder, entry.fileName);
      await mkdir(path.dirname(place), { recursive: true });
      const stream = await promisify<Entry, NodeJS.ReadableStream>((one, callback) => {
        zip.openReadStream(one, (error, opened) => {
          callback(error, opened);
        });
      })(entry);
      stream.on('data', (chunk: Buffer) => {
        done += chunk.length;
        options.onBytes?.(done, total);
      });
      await pipeline(stream, createWriteStream(place), { signal: options.signal });
    }
  } finally {
    zip.close();
  }
}
