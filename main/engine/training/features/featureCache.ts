import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import writeFileAtomic from 'write-file-atomic';
import { lockFolder } from '../../project/folderLock.ts';
import { keyFile, nameBytes, namesFile, pruneCaches, valuesFile } from './cacheStore.ts';
import type { FeatureKey } from './featureKey.ts';
import { cacheName, describeKey } from './featureKey.ts';
import type { RowCodec } from './rowCodec.ts';
import { rowCodec } from './rowCodec.ts';

/** How much computing a crash may cost. */
const flushMilliseconds = 1_000;

/**
 * Features of images on disk: a file of encoded rows, and a file naming each row's image by content hash beside the
 * row's checksum. Rows are only ever appended, values before names, so that what a crash leaves half-written is cut
 * off at the next opening; a row whose checksum is wrong is dropped and computed again.
 */
export class FeatureCache {
  readonly valuesPerImage: number;
  readonly codec: RowCodec;
  readonly #rows = new Map<string, number>();
  readonly #checksums: string[];
  readonly #unnamed: string[] = [];
  #flushed = performance.now();
  readonly #values: FileHandle;
  readonly #names: FileHandle;
  readonly #close: () => Promise<void>;

  private constructor(
    key: FeatureKey,
    values: FileHandle,
    names: FileHandle,
    records: readonly { readonly id: string; readonly checksum: string }[],
    close: () => Promise<void>,
  ) {
    this.valuesPerImage = key.valuesPerImage;
    this.codec = rowCodec(key.encoding, key.preprocess);
    this.#values = values;
    this.#names = names;
    this.#close = close;
    this.#checksums = records.map(({ checksum }) => checksum);
    for (const [row, { id }] of records.entries()) this.#rows.set(id, row);
  }

  /** Rejects with the disk's error. A cache another process is using is left to it; this one gets a private place. */
  static async open(root: string, key: FeatureKey): Promise<FeatureCache> {
    const name = cacheName(key);
    const shared = path.join(root, name);
    await mkdir(shared, { recursive: true });
    await pruneCaches(root, name);
    const release = await lockFolder(shared);
    const folder = release === null ? path.join(root, `${name}.private-${process.pid}`) : shared;
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(path.join(folder, keyFile), describeKey(key));
    const values = await openForAppending(path.join(folder, valuesFile));
    const names = await openForAppending(path.join(folder, namesFile));
    const { bytesPerValue } = rowCodec(key.encoding, key.preprocess);
    const records = await recover(values, names, key.valuesPerImage * bytesPerValue);
    const now = new Date();
    await utimes(folder, now, now);
    return new FeatureCache(key, values, names, records, async () => {
      await values.close();
      await names.close();
      if (release === null) await rm(folder, { recursive: true, force: true });
      else await release();
    });
  }

  get rowBytes(): number {
    return this.valuesPerImage * this.codec.bytesPerValue;
  }

  rowOf(id: string): number | undefined {
    return this.#rows.get(id);
  }

  /** Adds the features of images that have none yet. They survive a crash from the next `flush` on. */
  async append(ids: readonly string[], values: Float32Array | Uint8Array): Promise<void> {
    const first = this.#checksums.length;
    const bytes = this.codec.encode(values);
    await writeAll(this.#values, bytes, first * this.rowBytes);
    for (const [index, id] of ids.entries()) {
      this.#rows.set(id, first + index);
      const row = bytes.subarray(index * this.rowBytes, (index + 1) * this.rowBytes);
      const checksum = checksumOf(row);
      this.#checksums.push(checksum);
      this.#unnamed.push(`${id} ${checksum}\n`);
    }
    if (performance.now() - this.#flushed > flushMilliseconds) await this.flush();
  }

  /** Brings the values to disk, then the names that make them count. */
  async flush(): Promise<void> {
    this.#flushed = performance.now();
    const lines = this.#unnamed.splice(0);
    if (lines.length === 0) return;
    await this.#values.datasync();
    const position = (this.#checksums.length - lines.length) * nameBytes;
    await writeAll(this.#names, Buffer.from(lines.join(''), 'latin1'), position);
  }

  /** An image's encoded row, or null when it has none or it is damaged; then the image is forgotten. */
  async readRow(id: string, into: Uint8Array): Promise<boolean> {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    const { bytesRead } = await this.#values.read(into, 0, this.rowBytes, row * this.rowBytes);
    if (bytesRead === this.rowBytes && checksumOf(into) === this.#checksums[row]) return true;
    this.#rows.delete(id);
    return false;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#close();
  }
}

function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

async function openForAppending(file: string): Promise<FileHandle> {
  const handle = await open(file, 'a');
  await handle.close();
  return open(file, 'r+');
}

/** Cuts both files to the rows that are whole in both, and returns what those rows are. */
async function recover(
  values: FileHandle,
  names: FileHandle,
  rowBytes: number,
): Promise<{ id: string; checksum: string }[]> {
  const [valueBytes, allNames] = [(await values.stat()).size, (await names.stat()).size];
  const whole = Math.min(Math.floor(valueBytes / rowBytes), Math.floor(allNames / nameBytes));
  const text = Buffer.alloc(whole * nameBytes);
  if (whole > 0) await names.read(text, 0, text.length, 0);
  const lines = text.toString('latin1').split('\n').slice(0, whole);
  const broken = lines.findIndex((line) => !/^[0-9a-f]{64} [0-9a-f]{8}$/.test(line));
  const rows = broken < 0 ? whole : broken;
  await values.truncate(rows * rowBytes);
  await names.truncate(rows * nameBytes);
  return lines.slice(0, rows).map((line) => ({ id: line.slice(0, 64), checksum: line.slice(65) }));
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, position + written);
    written += step.bytesWritten;
  }
}
