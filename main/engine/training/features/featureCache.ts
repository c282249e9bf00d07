import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import type { ResizePolicy } from '../../../../shared/domain/dataset.ts';
import type { Preprocess } from '../../../../shared/domain/network.ts';
import { lockFolder } from '../../project/folderLock.ts';

/** Everything that decides a feature's value, besides the image's bytes. */
export interface FeatureKey {
  readonly weightsHash: string;
  readonly frontier: readonly string[];
  readonly preprocess: Preprocess;
  readonly width: number;
  readonly height: number;
  readonly resize: ResizePolicy;
}

/** Raised when decoding, resizing or the frozen layers' arithmetic change. */
const version = 1;
const floatBytes = 4;
const idBytes = 64 + 1;
/** How much computing a crash may cost. */
const flushMilliseconds = 1_000;
/** Caches beyond this are dropped, least recently used first. */
const budgetBytes = 20 * 2 ** 30;

/**
 * Features of images on disk: a file of float32 rows and a file naming each row's image by content hash. Rows are only
 * ever appended, values before names, so that what a crash leaves half-written is cut off at the next opening.
 */
export class FeatureCache {
  readonly #rows = new Map<string, number>();
  readonly #unnamed: string[] = [];
  #flushed = performance.now();
  readonly #values: FileHandle;
  readonly #names: FileHandle;
  readonly #close: () => Promise<void>;

  private constructor(
    readonly valuesPerImage: number,
    values: FileHandle,
    names: FileHandle,
    ids: readonly string[],
    close: () => Promise<void>,
  ) {
    this.#values = values;
    this.#names = names;
    this.#close = close;
    for (const [row, id] of ids.entries()) this.#rows.set(id, row);
  }

  /** Rejects with the disk's error. A cache another process is using is left to it; this one gets a private place. */
  static async open(root: string, key: FeatureKey, valuesPerImage: number): Promise<FeatureCache> {
    const name = createHash('sha256')
      .update(JSON.stringify({ version, valuesPerImage, ...key }))
      .digest('hex')
      .slice(0, 32);
    const shared = path.join(root, name);
    await mkdir(shared, { recursive: true });
    await prune(root, name);
    const release = await lockFolder(shared);
    const folder = release === null ? path.join(root, `${name}.private-${process.pid}`) : shared;
    await mkdir(folder, { recursive: true });
    const values = await openForAppending(path.join(folder, 'values.f32'));
    const names = await openForAppending(path.join(folder, 'images.txt'));
    const ids = await recover(values, names, valuesPerImage * floatBytes);
    const now = new Date();
    await utimes(folder, now, now);
    return new FeatureCache(valuesPerImage, values, names, ids, async () => {
      await values.close();
      await names.close();
      if (release === null) await rm(folder, { recursive: true, force: true });
      else await release();
    });
  }

  get rows(): number {
    return this.#rows.size;
  }

  rowOf(id: string): number | undefined {
    return this.#rows.get(id);
  }

  /** Adds the features of images that have none yet. They survive a crash from the next `flush` on. */
  async append(ids: readonly string[], values: Float32Array): Promise<void> {
    const first = this.#rows.size;
    const rowBytes = this.valuesPerImage * floatBytes;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeAll(this.#values, bytes, first * rowBytes);
    for (const [index, id] of ids.entries()) this.#rows.set(id, first + index);
    this.#unnamed.push(...ids);
    if (performance.now() - this.#flushed > flushMilliseconds) await this.flush();
  }

  /** Brings the values to disk, then the names that make them count. */
  async flush(): Promise<void> {
    this.#flushed = performance.now();
    const ids = this.#unnamed.splice(0);
    if (ids.length === 0) return;
    await this.#values.datasync();
    const names = Buffer.from(ids.map((id) => `${id}\n`).join(''));
    await writeAll(this.#names, names, (this.#rows.size - ids.length) * idBytes);
  }

  /** Reads rows, in the order asked for, into [rows × valuesPerImage]. */
  async read(rows: readonly number[], into: Float32Array): Promise<void> {
    const size = this.valuesPerImage;
    for (const [index, row] of rows.entries()) {
      const target = new Uint8Array(
        into.buffer,
        into.byteOffset + index * size * floatBytes,
        size * floatBytes,
      );
      const { bytesRead } = await this.#values.read(target, 0, target.length, row * size * floatBytes);
      if (bytesRead !== target.length) throw new Error(`The feature cache ended at row ${row}`);
    }
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#close();
  }
}

async function openForAppending(file: string): Promise<FileHandle> {
  const handle = await open(file, 'a');
  await handle.close();
  return open(file, 'r+');
}

/** Cuts both files to the rows that are whole in both, and returns those rows' images. */
async function recover(values: FileHandle, names: FileHandle, rowBytes: number): Promise<string[]> {
  const [valueBytes, nameBytes] = [(await values.stat()).size, (await names.stat()).size];
  const rows = Math.min(Math.floor(valueBytes / rowBytes), Math.floor(nameBytes / idBytes));
  await values.truncate(rows * rowBytes);
  await names.truncate(rows * idBytes);
  const text = Buffer.alloc(rows * idBytes);
  if (rows > 0) await names.read(text, 0, text.length, 0);
  return text.toString('latin1').split('\n').slice(0, rows);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, position + written);
    written += step.bytesWritten;
  }
}

/** Drops the caches used longest ago while all together are over the budget; those in use stay. */
async function prune(root: string, keep: string): Promise<void> {
  const caches: { folder: string; bytes: number; used: number }[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.endsWith('.lock')) continue;
    const folder = path.join(root, entry.name);
    const bytes = await stat(path.join(folder, 'values.f32')).then(
      ({ size }) => size,
      () => 0,
    );
    caches.push({ folder, bytes, used: entry.name === keep ? Infinity : (await stat(folder)).mtimeMs });
  }
  let total = caches.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, bytes } of caches.sort((a, b) => a.used - b.used)) {
    if (total <= budgetBytes || path.basename(folder) === keep) return;
    if (await lockfile.check(folder)) continue;
    await rm(folder, { recursive: true, force: true });
    total -= bytes;
  }
}
