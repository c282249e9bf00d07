import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineClient } from '../engine-process/client.ts';
import { Recents } from '../host/recents.ts';
import { startStudio } from './studioServer.ts';
import type { StudioServer } from './studioServer.ts';

let studio: StudioServer;

/** No request of these tests reaches an engine. */
const engine = { subscribe: () => () => undefined, runningJobs: () => [] } as unknown as EngineClient;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-server-'));
  await writeFile(path.join(folder, 'index.html'), '<p>');
  const started = await startStudio({
    engine,
    hello: {
      type: 'hello',
      version: '0',
      sample: '/s',
      runs: '/r',
      projects: '/p',
      datasets: path.join(folder, 'datasets'),
      backbones: [],
    },
    recents: await Recents.open(path.join(folder, 'recents.json')),
    pageFolder: folder,
    port: 0,
  });
  if (!started.ok) throw new Error(started.error.message);
  studio = started.value;
});
afterAll(() => studio.close());

/** Sends bytes as they are, and gives the first line of the answer. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(studio.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer.split('\r\n')[0] ?? '');
    });
  });
}

const get = (target: string, host = `127.0.0.1:${studio.port}`) =>
  raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

const upgrade = (more: string, target: string) =>
  raw(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${studio.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${more}\r\n`,
  );

it('refuses broken addresses and goes on serving', async () => {
  expect(await get('/%')).toContain('400');
  expect(await get('//')).toContain('404');
  expect(await get('http://[/')).toContain('400');
  expect(await get('/upload/x?path=a', 'evil.example')).toContain('421');
  expect(await upgrade('', '/%')).toContain('403');
  expect(await get('/')).toContain('200');
});

it('lets no page in without the key, or from another site', async () => {
  const target = `/engine?token=${studio.token}`;
  expect(await upgrade('', '/engine?token=wrong')).toContain('403');
  expect(await upgrade('', '/engine')).toContain('403');
  expect(await upgrade('Origin: http://evil.example\r\n', target)).toContain('403');
  expect(await upgrade('Origin: null\r\n', target)).toContain('403');
});

it('survives a connection that is reset while it is refused', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(studio.port, '127.0.0.1', () => {
      socket.write(
        'GET /engine HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        () => {
          socket.resetAndDestroy();
          resolve();
        },
      );
    });
  });
  expect(await get('/')).toContain('200');
});

it('greets a page, answers what is not in the contract with a refusal, and closes on what is too long', async () => {
  const page = new WebSocket(`ws://127.0.0.1:${studio.port}/engine?token=${studio.token}`);
  const heard: { type: string }[] = [];
  page.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString()) as { type: string }));
  await new Promise((resolve) => page.once('open', resolve));
  page.send('{');
  page.send('{"type": "shutdown", "id": 1}');
  page.send('{"type": "choose", "id": 2, "choice": "images"}');
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(['hello', 'refusal', 'refusal', 'refusal']);
  expect(heard[0]).toMatchObject({ host: { shell: 'browser', canChoose: false } });
  const closed = new Promise<number>((resolve) => page.once('close', resolve));
  page.on('error', () => undefined);
  page.send(Buffer.alloc(64_000_001));
  expect(await closed).toBe(1009);
  expect(await get('/')).toContain('200');
});
