import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { EngineChild } from '../engine-process/child.ts';
import { EngineClient } from '../engine-process/client.ts';
import type { Greeting, HostMessage } from '../../shared/ipc/studio/studio.ts';
import { defaultTrainSettings } from '../../shared/domain/run.ts';
import { ok } from '../../shared/result.ts';
import { Recents } from './recents.ts';
import { StudioHost } from './studioHost.ts';

/** An engine process that answers every request and says what the test wants said. */
function fakeEngine() {
  let say: (message: unknown) => void = () => undefined;
  const child: EngineChild = {
    pid: 1,
    send: (message) => {
      const { id } = message as { id: number };
      say({ type: 'answer', id, jobId: 'job-1' });
    },
    onMessage: (listener) => {
      say = listener;
      setImmediate(() => {
        listener({ type: 'ready', pid: 1 });
      });
    },
    onExit: () => undefined,
    kill: () => undefined,
  };
  return { engine: new EngineClient({ spawn: () => child }), say: (message: unknown) => say(message) };
}

const hello: Greeting = {
  type: 'hello',
  version: '0',
  sample: '/s',
  runs: '/r',
  projects: '/p',
  datasets: '/d',
  backbones: [],
  host: { shell: 'window', canChoose: true, canReveal: true },
};

/** What a page hears first while nothing is trained. */
const time = '2026-01-02T03:04:05.000Z';
const greeting = { ...hello, training: null };

const report = {
  dataset: 'cats',
  kind: 'folder',
  location: '/data/cats',
  fingerprint: 'f',
  images: 0,
  bytes: 0,
  classes: [],
  split: null,
  formats: {},
  size: null,
  findingCounts: {},
  findings: [],
  emptyClasses: [],
  setAside: 0,
};

async function openHost() {
  const { engine, say } = fakeEngine();
  const recents = await Recents.open(path.join(await mkdtemp(path.join(tmpdir(), 'thaw-host-')), 'r.json'));
  const actions = {
    recents,
    choose: vi.fn(() => Promise.resolve(ok(['/chosen']))),
    reveal: vi.fn(() => Promise.resolve(ok(undefined))),
    notify: vi.fn(),
    setTheme: vi.fn(),
  };
  const host = new StudioHost({ engine, hello, actions });
  const heard: HostMessage[] = [];
  const connect = () => host.connect((message) => heard.push(message));
  return { host, say, heard, connect, actions };
}

it('keeps a command for the page that is still to come, and gives it once', async () => {
  const { host, heard, connect } = await openHost();
  host.command({ name: 'open', path: '/data' });
  const first = connect();
  expect(heard).toEqual([greeting, { type: 'command', command: { name: 'open', path: '/data' } }]);
  first.close();
  heard.length = 0;
  connect();
  expect(heard).toEqual([greeting]);
});

it('tells a page of the job it started before the job’s first event, and nothing after it has gone', async () => {
  const { connect, heard, say } = await openHost();
  const page = connect();
  page.receive({ type: 'start', id: 7, job: { job: 'doctor', provision: false } });
  await vi.waitFor(() => {
    expect(heard).toContainEqual({ type: 'answer', id: 7, jobId: 'job-1' });
  });
  say({ type: 'event', event: { jobId: 'job-1', seq: 1, time, body: { type: 'paused' } } });
  await vi.waitFor(() => {
    expect(heard.at(-1)).toMatchObject({ type: 'event', event: { seq: 1 } });
  });
  page.close();
  const before = heard.length;
  say({ type: 'event', event: { jobId: 'job-1', seq: 2, time, body: { type: 'resumed' } } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toHaveLength(before);
});

it('tells a page that comes later of the training that is under way', async () => {
  const { connect, heard, say } = await openHost();
  const settings = { ...defaultTrainSettings, dataset: '/data' };
  connect().receive({ type: 'start', id: 1, job: { job: 'train', settings, out: '/runs/one' } });
  await vi.waitFor(() => {
    expect(heard).toContainEqual({ type: 'answer', id: 1, jobId: 'job-1' });
  });
  heard.length = 0;
  connect();
  expect(heard).toEqual([{ ...hello, training: { jobId: 'job-1', run: '/runs/one' } }]);
  const error = { code: 'cancelled', message: 'stopped' };
  say({ type: 'event', event: { jobId: 'job-1', seq: 1, time, body: { type: 'failed', error } } });
  heard.length = 0;
  connect();
  expect(heard).toEqual([greeting]);
});

it('answers what is for the host itself, and refuses what nobody declared', async () => {
  const { connect, heard, actions } = await openHost();
  const page = connect();
  page.receive({ type: 'choose', id: 1, choice: 'images' });
  page.receive({ type: 'add-recent', id: 2, recent: { kind: 'run', path: '/r/1', name: 'first' } });
  page.receive({ type: 'notify', id: 3, title: 'a', body: 'b' });
  page.receive({ type: 'format-disk', id: 4 });
  page.receive({ type: 'shutdown', id: 5 });
  await vi.waitFor(() => {
    expect(heard).toHaveLength(6);
  });
  expect(heard).toContainEqual({ type: 'chosen', id: 1, paths: ['/chosen'] });
  expect(heard).toContainEqual({
    type: 'recents',
    id: 2,
    recents: [expect.objectContaining({ path: '/r/1' })],
  });
  expect(heard).toContainEqual({ type: 'done', id: 3 });
  expect(actions.notify).toHaveBeenCalledWith('a', 'b');
  const refusals = heard.filter((message) => message.type === 'refusal');
  expect(refusals.map(({ id, error }) => [id, error.code])).toEqual([
    [null, 'contract'],
    [5, 'usage'],
  ]);
});

it('takes a dataset for opened once it was inspected: then its images may be shown', async () => {
  const { host, connect, say } = await openHost();
  const page = connect();
  page.receive({ type: 'start', id: 1, job: { job: 'inspect-dataset', dataset: '/data/cats' } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(host.datasets.size).toBe(0);
  say({ type: 'event', event: { jobId: 'job-1', seq: 1, time, body: { type: 'done', result: report } } });
  await vi.waitFor(() => {
    expect(host.datasets.has('/data/cats')).toBe(true);
  });
});
