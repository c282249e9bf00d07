import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Dataset } from '../../../../shared/domain/dataset.ts';
import { quietContext } from '../../jobs/context.ts';
import type { JobEventBody } from '../../jobs/context.ts';
import { sharedData } from '../../testing/judge.ts';
import { must } from '../../testing/must.ts';
import { countUnremembered, openDataset, scanDataset } from '../index.ts';
import { buildTestWorker } from '../testWorker.ts';
import { zipOf } from '../testZip.ts';
import { clearMemories, listMemories, pruneMemories } from './memoryStore.ts';
import type { MemoryOptions } from './scanMemory.ts';

let root: string;
let entry: string;
let at: string;
let memories: string;
let count = 0;
/** Paths of files that were given to a worker. */
let decoded: string[] = [];
const onDecode = (message: unknown) => decoded.push((message as { path: string }).path);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thaw-memory-'));
  entry = await buildTestWorker();
  subscribe('thaw:decode', onDecode);
});
afterAll(async () => {
  unsubscribe('thaw:decode', onDecode);
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  at = path.join(root, `data-${++count}`);
  memories = path.join(root, `memories-${count}`);
  await files({ 'a/1.png': await png(1), 'a/2.png': await png(2), 'b/3.png': await png(3) });
});

/** Not compressed, so that one is as long as another. */
const png = (seed: number) =>
  sharp({ create: { width: 40, height: 32, channels: 3, background: { r: seed, g: 7, b: 9 } } })
    .png({ compressionLevel: 0 })
    .toBuffer();

/** A whole second, which every file system keeps as it is. */
const longAgo = 1_500_000_000;

async function files(contents: Record<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(at, name)), { recursive: true });
    await writeFile(path.join(at, name), bytes);
  }
}

interface Seen {
  readonly dataset: Dataset;
  readonly decoded: readonly string[];
  readonly logs: readonly string[];
}

/** Scans as if the files had been written long ago, unless told of a clock. */
async function scan(
  location = at,
  memory: MemoryOptions | null = { granularity: -Infinity },
  perceptual = true,
): Promise<Seen> {
  decoded = [];
  const logs: string[] = [];
  const emit = (event: JobEventBody) => {
    if (event.type === 'log') logs.push(event.message);
  };
  const source = must(await openDataset(location));
  const options = {
    entry,
    workers: 1,
    tasksPerWorker: 1,
    minimumClasses: 1,
    perceptual,
    memory: memory && { root: memories, ...memory },
  };
  const dataset = must(await scanDataset(source, { ...quietContext(), emit }, options));
  await source.close();
  return { dataset, decoded: decoded.sort(), logs };
}

const ids = ({ dataset }: Seen) => dataset.images.map(({ id }) => id);

it('decodes nothing of an unchanged dataset the second time, and finds the same', async () => {
  const first = await scan();
  expect(first.decoded).toEqual(['a/1.png', 'a/2.png', 'b/3.png']);
  const second = await scan();
  expect(second.decoded).toEqual([]);
  expect(second.dataset).toEqual(first.dataset);
});

it('sees changed content although size and modification time are as they were', async () => {
  const file = path.join(at, 'a/1.png');
  await utimes(file, longAgo, longAgo);
  const before = await scan();
  const { size, mtimeNs } = await stat(file, { bigint: true });
  await writeFile(file, await png(99));
  await utimes(file, longAgo, longAgo);
  expect(await stat(file, { bigint: true })).toMatchObject({ size, mtimeNs });
  const after = await scan();
  expect(after.decoded).toEqual(['a/1.png']);
  expect(ids(after)).not.toEqual(ids(before));
  expect(after.dataset).toEqual((await scan(at, null)).dataset);
});

it('sees a file put in the place of another that has its size and time', async () => {
  const file = path.join(at, 'a/1.png');
  await utimes(file, longAgo, longAgo);
  await scan();
  const other = path.join(root, 'other.png');
  await writeFile(other, await png(77));
  await utimes(other, longAgo, longAgo);
  await rename(other, file);
  expect((await scan()).decoded).toEqual(['a/1.png']);
});

it('examines renamed and added files, and forgets removed ones', async () => {
  await scan();
  await rename(path.join(at, 'a/2.png'), path.join(at, 'a/two.png'));
  await rm(path.join(at, 'a/1.png'));
  await files({ 'b/4.png': await png(4) });
  const after = await scan();
  expect(after.decoded).toEqual(['a/two.png', 'b/4.png']);
  expect(after.dataset).toEqual((await scan(at, null)).dataset);
  expect((await listMemories(memories)).map((one) => [one.place, one.files])).toEqual([[at, 3]]);
});

it('knows a file in two datasets in each, whatever happens to the other', async () => {
  const csv = path.join(at, 'some.csv');
  await writeFile(csv, 'path,label\na/1.png,x\nb/3.png,y\n');
  const other = path.join(root, `twin-${count}`);
  for (const name of ['a', 'b']) await mkdir(path.join(other, name), { recursive: true });
  await link(path.join(at, 'a/1.png'), path.join(other, 'a/1.png'));
  await copyFile(path.join(at, 'b/3.png'), path.join(other, 'b/3.png'));
  await scan();
  // A CSV in a folder names the folder's files: they are known. Links are other files in another place.
  expect((await scan(csv)).decoded).toEqual([]);
  expect((await scan(other)).decoded).toEqual(['a/1.png', 'b/3.png']);
  await writeFile(path.join(other, 'a/1.png'), await png(50));
  expect((await scan(other)).decoded).toEqual(['a/1.png']);
  // The content is one, so it changed here, too. What the CSV does not list stays known.
  expect((await scan(csv)).decoded).toEqual(['a/1.png']);
  expect((await scan()).decoded).toEqual([]);
});

it('does not trust a file that changed within the tick of the clock it was read in', async () => {
  const fresh = await scan(at, { granularity: 60_000 });
  expect(fresh.decoded).toHaveLength(3);
  expect((await scan(at, { granularity: 60_000 })).decoded).toHaveLength(3);
  // A modification in the past does not make it old: its record changed just now.
  for (const name of ['a/1.png', 'a/2.png', 'b/3.png']) await utimes(path.join(at, name), 1, 1);
  expect((await scan(at, { granularity: 60_000 })).decoded).toHaveLength(3);
  // One in the far future does not make it young for ever.
  for (const name of ['a/1.png', 'a/2.png', 'b/3.png']) await utimes(path.join(at, name), 2 ** 32, 2 ** 32);
  await scan(at, { granularity: 0 });
  expect((await scan(at, { granularity: 0 })).decoded).toEqual([]);
});

it('looks for what it was not asked before, and says no more than it is asked', async () => {
  const plain = await scan(at, {}, false);
  expect(plain.decoded).toHaveLength(3);
  await scan(at, { granularity: -Infinity }, false);
  const hashed = await scan();
  expect(hashed.decoded).toHaveLength(3);
  expect((await scan(at, { granularity: -Infinity }, false)).dataset).toEqual(plain.dataset);
  await writeFile(path.join(at, 'a/1.png'), await png(60));
  await scan(at, { granularity: -Infinity }, false);
  expect((await scan()).decoded).toEqual(['a/1.png']);
});

it('says that a memory is damaged and makes it again', async () => {
  const first = await scan();
  const [stored] = await listMemories(memories);
  const whole = await readFile(stored!.file);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 20]! ^= 1;
  for (const damage of [
    flipped,
    whole.subarray(0, whole.length >> 1),
    Buffer.from('{}\n[]'),
    Buffer.alloc(0),
  ]) {
    await writeFile(stored!.file, damage);
    const seen = await scan();
    expect(seen.logs).toEqual([expect.stringContaining(`What was remembered of ${at} is damaged`)]);
    expect(seen.dataset).toEqual(first.dataset);
    expect(seen.decoded).toHaveLength(3);
    const again = await scan();
    expect([again.logs, again.decoded]).toEqual([[], []]);
  }
});

it('counts beforehand what a scan will decode', async () => {
  const source = must(await openDataset(at));
  const paths = ['a/1.png', 'a/2.png', 'b/3.png', 'b/gone.png'];
  const unknown = () => countUnremembered(source, paths, { root: memories });
  expect(await unknown()).toBe(4);
  await scan();
  expect(await unknown()).toBe(1);
  await writeFile(path.join(at, 'a/2.png'), await png(44));
  expect(await unknown()).toBe(2);
  await source.close();
});

it('does not take what another examiner found', async () => {
  await scan();
  const [stored] = await listMemories(memories);
  const text = await readFile(stored!.file, 'utf8');
  await writeFile(stored!.file, text.replace('sharp ', 'sharp 9'));
  const seen = await scan();
  expect([seen.logs, seen.decoded.length]).toEqual([[], 3]);
});

it('goes on where it cannot be kept, and says so', async () => {
  await writeFile(memories, 'a file where a folder should be');
  const seen = await scan();
  expect(seen.dataset.images).toHaveLength(3);
  expect(seen.logs).toEqual([expect.stringContaining('could not be kept for the next time')]);
});

it('loses nothing to two scans that write at the same time but what is found again', async () => {
  for (let seed = 10; seed < 40; seed++) await files({ [`a/${seed}.png`]: await png(seed) });
  const all = await Promise.all([scan(), scan(), scan(at, { granularity: -Infinity }, false)]);
  expect(all.flatMap(({ logs }) => logs)).toEqual([]);
  const after = await scan();
  expect(after.logs).toEqual([]);
  expect(after.dataset).toEqual((await scan(at, null)).dataset);
  expect((await scan()).decoded).toEqual([]);
  expect(await readdir(memories)).toHaveLength(1);
});

it('keeps what another process found meanwhile', async () => {
  // This scan reads the memory before the other one writes it, and writes after it.
  const source = must(await openDataset(at));
  let other: Promise<Seen> | null = null;
  const gate = async () => {
    if (other !== null) return;
    await files({ 'b/9.png': await png(9) });
    await (other = scan());
  };
  const memory = { root: memories, granularity: -Infinity };
  const options = { entry, workers: 1, perceptual: false, memory };
  must(await scanDataset(source, { ...quietContext(), gate }, options));
  expect((await scan()).decoded).toEqual([]);
});

it('keeps what a cancelled scan saw', async () => {
  for (let seed = 10; seed < 30; seed++) await files({ [`a/${seed}.png`]: await png(seed) });
  const source = must(await openDataset(at));
  const abort = new AbortController();
  let seen = 0;
  const gate = () => {
    // Two of them are classes.
    if (++seen === 15) abort.abort();
    return Promise.resolve();
  };
  const memory = { root: memories, granularity: -Infinity };
  const options = { entry, workers: 1, tasksPerWorker: 1, memory };
  await scanDataset(source, { ...quietContext(), gate, signal: abort.signal }, options);
  expect((await scan()).decoded.length).toBeLessThanOrEqual(23 - 13);
});

it('knows the entries of an archive until the archive changes', async () => {
  const contents = { 'a/1.png': await png(1), 'a/2.png': await png(2), 'b/3.png': await png(3) };
  const archive = await zipOf(path.join(root, `${count}.zip`), contents);
  await utimes(archive, longAgo, longAgo);
  const first = await scan(archive);
  expect(first.decoded).toHaveLength(3);
  const second = await scan(archive);
  expect([second.decoded, second.dataset]).toEqual([[], first.dataset]);
  const { size, mtimeNs } = await stat(archive, { bigint: true });
  await zipOf(archive, { ...contents, 'a/2.png': contents['b/3.png'], 'b/3.png': contents['a/2.png'] });
  await utimes(archive, longAgo, longAgo);
  expect(await stat(archive, { bigint: true })).toMatchObject({ size, mtimeNs });
  const changed = await scan(archive);
  expect(changed.decoded).toHaveLength(3);
  expect(ids(changed)).not.toEqual(ids(first));
});

it('drops the memories used longest ago beyond its budget, and keeps a part of one that is larger', async () => {
  const old = at;
  await scan();
  const [stored] = await listMemories(memories);
  await utimes(stored!.file, 1, 1);
  at = `${old}-next`;
  await files({ 'a/1.png': await png(1), 'b/3.png': await png(3) });
  await scan(at, { granularity: -Infinity, budgetBytes: stored!.bytes });
  expect((await listMemories(memories)).map(({ place }) => place)).toEqual([at]);
  await pruneMemories(memories, '', 0);
  expect(await listMemories(memories)).toEqual([]);
  // Room for one row beside the header.
  await scan(at, { granularity: -Infinity, budgetBytes: 200 });
  expect((await scan(at, { granularity: -Infinity, budgetBytes: 200 })).decoded).toHaveLength(1);
  expect(await clearMemories(memories)).toHaveLength(1);
  expect((await scan()).decoded).toHaveLength(2);
});

it('gives the same of hostile files, with all that is wrong with them', async () => {
  const noise = Uint8Array.from({ length: 90 * 90 * 3 }, (_, i) => (i * 7919) % 251);
  const photo = sharp(noise, { raw: { width: 90, height: 90, channels: 3 } });
  const jpeg = await photo.clone().jpeg().toBuffer();
  const gif = await photo.clone().gif().toBuffer();
  const bomb = await png(5);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  await files({
    'a/again.png': await png(1),
    'b/conflict.png': await png(2),
    'a/cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
    'a/cut.gif': gif.subarray(0, gif.length >> 1),
    'a/named.png': jpeg,
    'a/bomb.png': bomb,
    'a/empty.jpg': Buffer.alloc(0),
    'a/text.jpg': Buffer.from('hello'),
    'a/x.pdf': Buffer.from('%PDF-1.4'),
    'b/noise.jpg': Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(3_000, 0x5a)]),
  });
  const plain = await scan(at, null);
  expect(new Set(plain.dataset.findings.map(({ kind }) => kind)).size).toBeGreaterThan(7);
  await scan();
  const known = await scan();
  expect(known.decoded).toEqual([]);
  expect(known.dataset).toEqual(plain.dataset);
});

const odd = sharedData() === null ? null : path.join(sharedData() ?? '', 'odd_images');

it.skipIf(odd === null || !existsSync(odd))('gives the same of images in the wild', async () => {
  at = path.join(root, `odd-${count}`);
  for (const name of await readdir(odd ?? '', { recursive: true })) {
    const file = path.join(odd ?? '', name);
    if ((await stat(file)).isFile())
      await files({ [`c/${name.replaceAll('/', '-')}`]: await readFile(file) });
  }
  const plain = await scan(at, null);
  await scan();
  const known = await scan();
  expect(known.decoded).toEqual([]);
  expect(known.dataset).toEqual(plain.dataset);
});
