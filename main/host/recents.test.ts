import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Recents } from './recents.ts';

const fresh = async (): Promise<string> =>
  path.join(await mkdtemp(path.join(tmpdir(), 'thaw-recents-')), 'a', 'recents.json');
const dataset = (name: string) => ({ kind: 'dataset' as const, path: `/data/${name}`, name });

it('keeps what was opened between sessions, newest first and once each', async () => {
  const file = await fresh();
  const recents = await Recents.open(file);
  await Promise.all(['cats', 'dogs', 'cats'].map((name) => recents.add(dataset(name))));
  const again = await Recents.open(file);
  expect(again.list().map(({ name }) => name)).toEqual(['cats', 'dogs']);
  await again.forget('/data/cats');
  expect((await Recents.open(file)).list().map(({ name }) => name)).toEqual(['dogs']);
  expect(await readdir(path.dirname(file))).toEqual(['recents.json']);
});

it('starts empty from a file that is not its own, and holds at most twenty', async () => {
  const file = await fresh();
  await (await Recents.open(file)).add(dataset('x'));
  for (const text of ['{', '{"recents": [{"kind": "virus"}]}', '']) {
    await writeFile(file, text);
    expect((await Recents.open(file)).list()).toEqual([]);
  }
  const recents = await Recents.open(file);
  for (let index = 0; index < 25; index += 1) await recents.add(dataset(String(index)));
  expect(recents.list()).toHaveLength(20);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ recents: recents.list() });
});

it('says so when the list cannot be kept, and goes on with it', async () => {
  const file = await fresh();
  await writeFile(path.dirname(file), 'a file where the folder should be');
  const recents = await Recents.open(file);
  const added = await recents.add(dataset('cats'));
  expect(added).toMatchObject({ ok: false, error: { code: 'output-unwritable' } });
  expect(recents.list()).toHaveLength(1);
});
