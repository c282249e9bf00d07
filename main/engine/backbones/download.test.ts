import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DownloadOptions } from './download.ts';
import { download } from './download.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const md5 = createHash('md5').update(content).digest('hex');
let server: Server;
let base: string;
let folder: string;
let requests: IncomingMessage[];
let behave: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    behave(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-download-'));
  requests = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const fetchIt = (more: Partial<DownloadOptions> = {}) =>
  download({
    url: `${base}/weights.h5`,
    file: path.join(folder, 'weights.h5'),
    checksum: { algorithm: 'md5', hex: md5 },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    stallMilliseconds: 300,
    pauseMilliseconds: 1,
    ...more,
  });
const got = () => readFile(path.join(folder, 'weights.h5'));

/** Serves ranges as a good server does. */
function serve(request: IncomingMessage, response: ServerResponse, etag = '"one"'): void {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const start = range !== null && request.headers['if-range'] === etag ? Number(range[1]) : 0;
  const part = content.subarray(start);
  const common = { etag, 'content-length': part.length };
  if (start > 0)
    response.writeHead(206, {
      ...common,
      'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
    });
  else response.writeHead(200, common);
  response.end(part);
}

/** Sends the first part and then breaks off, or falls silent. */
function begin(response: ServerResponse, bytes: number, then: 'break' | 'stall'): void {
  response.writeHead(200, { etag: '"one"', 'content-length': content.length });
  response.write(content.subarray(0, bytes), () => {
    if (then === 'break') setTimeout(() => response.destroy(), 200);
  });
}

describe('a download', () => {
  it('arrives whole, with progress, and leaves nothing beside', async () => {
    behave = serve;
    const seen: number[] = [];
    expect(await fetchIt({ onProgress: (done) => seen.push(done) })).toEqual({ ok: true, value: undefined });
    expect((await got()).equals(content)).toBe(true);
    expect(seen.at(-1)).toBe(content.length);
    expect(await readdir(folder)).toEqual(['weights.h5']);
  });

  it.each(['break', 'stall'] as const)('goes on where it was after a %s', async (then) => {
    behave = (request, response) => {
      if (requests.length === 1) begin(response, 100_000, then);
      else serve(request, response);
    };
    expect((await fetchIt()).ok).toBe(true);
    expect((await got()).equals(content)).toBe(true);
    expect(requests).toHaveLength(2);
    expect(requests[1]!.headers.range).toBe('bytes=100000-');
  });

  it('goes on in a later call, and begins anew where the file has changed or ranges are refused', async () => {
    behave = (_, response) => begin(response, 50_000, 'break');
    expect(await fetchIt()).toMatchObject({ ok: false, error: { code: 'engine-missing' } });
    expect((await stat(path.join(folder, 'weights.h5.partial'))).size).toBe(50_000);
    requests = [];
    behave = (request, response) => serve(request, response, '"two"');
    expect((await fetchIt()).ok).toBe(true);
    expect((await got()).equals(content)).toBe(true);
    expect(requests[0]!.headers['if-range']).toBe('"one"');
    behave = (_, response) => response.writeHead(416).end();
    const file = path.join(folder, 'again.h5');
    behave = (request, response) => {
      if (requests.length === 2) begin(response, 10, 'break');
      else if (request.headers.range !== undefined) response.writeHead(416).end();
      else serve(request, response);
    };
    expect((await fetchIt({ file })).ok).toBe(true);
    expect((await readFile(file)).equals(content)).toBe(true);
  });

  it('with the wrong content is refused, naming both checksums, and not kept', async () => {
    behave = serve;
    const wrong = await fetchIt({ checksum: { algorithm: 'sha256', hex: '0'.repeat(64) } });
    expect(wrong).toMatchObject({
      ok: false,
      error: {
        code: 'input-corrupt',
        expected: `sha256 ${'0'.repeat(64)}`,
        found: createHash('sha256').update(content).digest('hex'),
      },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('follows redirects, but not for ever', async () => {
    behave = (request, response) => {
      if (request.url === '/weights.h5') response.writeHead(302, { location: '/elsewhere/x' }).end();
      else serve(request, response);
    };
    expect((await fetchIt()).ok).toBe(true);
    behave = (_, response) => response.writeHead(302, { location: '/weights.h5' }).end();
    const circle = await fetchIt({ file: path.join(folder, 'circle.h5') });
    expect(circle).toMatchObject({ ok: false, error: { found: 'it redirects more than 5 times' } });
  });

  it.each([
    [403, 'forbids it (HTTP 403)', 1],
    [404, 'not there any more (HTTP 404)', 1],
    [503, 'HTTP 503', 5],
  ])('refused with %i says so, with the address and the way around', async (status, found, attempts) => {
    behave = (_, response) => response.writeHead(status).end('no');
    const refused = await fetchIt();
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'engine-missing', expected: `${base}/weights.h5` },
    });
    if (refused.ok) return;
    expect(refused.error.found).toContain(found);
    expect(refused.error.remedy).toContain('thaw backbones add');
    expect(requests).toHaveLength(attempts);
  });

  it('names a host that is not known', async () => {
    const unknown = await fetchIt({ url: 'http://weights.invalid/x.h5' });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'engine-missing' } });
    if (!unknown.ok) expect(unknown.error.found).toContain('weights.invalid');
  });

  it('can be cancelled and leaves what it has for later', async () => {
    behave = (_, response) => begin(response, 70_000, 'stall');
    const abort = new AbortController();
    const cancelled = await fetchIt({
      signal: abort.signal,
      stallMilliseconds: 5000,
      onProgress: (done) => done >= 70_000 && abort.abort(),
    });
    expect(cancelled).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await readdir(folder)).toEqual(['weights.h5.partial', 'weights.h5.partial.json']);
  });

  it('goes through a proxy where one is named', async () => {
    behave = serve;
    let through = 0;
    const proxy = createServer();
    proxy.on('connect', (request, socket, head) => {
      through += 1;
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, address);
    for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
    expect((await fetchIt()).ok).toBe(true);
    expect(through).toBe(1);
    proxy.closeAllConnections();
    proxy.close();
  });
});
