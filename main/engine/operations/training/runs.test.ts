import { spawnSync } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { runDetailSchema } from '../../../../shared/ipc/training/results.ts';
import { runListSchema } from '../../../../shared/ipc/training/runs.ts';
import { quietContext } from '../../jobs/context.ts';
import { lockFolder } from '../../project/folderLock.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

let place: string;
let done: string;
let broken: string;

beforeAll(async () => {
  const dataset = await makeColourDataset(14);
  place = await mkdtemp(path.join(tmpdir(), 'thaw-run-list-'));
  [done, broken] = [path.join(place, 'first'), path.join(place, 'second')];
  const settings: TrainSettings = {
    ...defaultTrainSettings,
    dataset,
    epochs: 3,
    imageSize: 64,
    earlyStop: 0,
  };
  must(await operations.train(settings, done, quietContext()));
  const abort = new AbortController();
  await operations.train(settings, broken, {
    ...quietContext(),
    signal: abort.signal,
    emit(event) {
      if (event.type === 'epoch' && event.metrics.epoch === 2) abort.abort();
    },
  });
});

it('lists runs, the newest first, says how far each is, and names what cannot be read', async () => {
  await mkdir(path.join(place, 'no-run'), { recursive: true });
  await cp(done, path.join(place, 'damaged'), { recursive: true });
  await writeFile(path.join(place, 'damaged', 'run.json'), '{"format": "thaw-');
  const list = runListSchema.parse(must(await operations.listRuns(place)));
  expect(list.runs.map(({ title, state, epochs }) => [title, state, epochs])).toEqual([
    ['second', 'interrupted', 2],
    ['first', 'done', 3],
  ]);
  expect(list.damaged.map(({ run }) => path.basename(run))).toEqual(['damaged']);
  const result = JSON.parse(await readFile(path.join(done, 'result.json'), 'utf8')) as {
    best: { epoch: number; valAccuracy: number };
  };
  expect(list.runs[1]!.best).toMatchObject(result.best);
  expect(must(await operations.listRuns(path.join(place, 'nowhere'))).runs).toEqual([]);
});

it('reads a run that was interrupted in the middle of a line', async () => {
  const copy = path.join(place, 'cut');
  await cp(broken, copy, { recursive: true });
  const metrics = path.join(copy, 'metrics.jsonl');
  const text = await readFile(metrics, 'utf8');
  await writeFile(metrics, text.slice(0, -20));
  const detail = runDetailSchema.parse(must(await operations.readRun(copy)));
  expect(detail.history.map(({ epoch }) => epoch)).toEqual([1]);
  must(await operations.deleteRun(copy));
});

it('keeps a title in the run, which stays where it is', async () => {
  const titled = must(await operations.renameRun(done, 'Heads only'));
  expect([titled.title, titled.run]).toEqual(['Heads only', done]);
  expect(must(await operations.readRun(done)).title).toBe('Heads only');
});

it('deletes runs only, and none that is being trained', async () => {
  const refused = await operations.deleteRun(path.join(place, 'no-run'));
  expect(!refused.ok && refused.error.code).toBe('input-missing');
  const release = await lockFolder(broken);
  expect(must(await operations.readRun(broken)).state).toBe('training');
  const busy = await operations.deleteRun(broken);
  expect(!busy.ok && busy.error.code).toBe('output-exists');
  await release?.();
  must(await operations.deleteRun(broken));
  await expect(access(broken)).rejects.toThrow('ENOENT');
  await access(done);
});

it('belongs to the project it lies in, and goes where that goes', async () => {
  const parent = await mkdtemp(path.join(tmpdir(), 'thaw-run-project-'));
  const [before, after] = [path.join(parent, 'before'), path.join(parent, 'after')];
  const dataset = await makeColourDataset(14);
  const { runs } = must(await operations.createProject([dataset], before, null));
  const settings = { ...defaultTrainSettings, dataset: before, epochs: 2, imageSize: 64 };
  const trained = must(await operations.train(settings, path.join(runs, 'one'), quietContext()));
  await rename(before, after);
  const list = must(await operations.listRuns(path.join(after, 'project.thaw')));
  expect(list.runs.map(({ run, settings: { dataset: of } }) => [run, of])).toEqual([
    [path.join(after, 'runs', 'one'), after],
  ]);
  const measured = must(await operations.evaluate(list.runs[0]!.run, null, quietContext()));
  expect(measured.accuracy).toBeCloseTo(trained.best.valAccuracy, 12);
});

it('is listed by the command line too', () => {
  const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');
  const { stdout, status } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts', 'thaw.mjs'), 'runs', place, '--json'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  expect(runListSchema.parse(JSON.parse(stdout)).runs.map(({ title }) => title)).toEqual(['Heads only']);
});
