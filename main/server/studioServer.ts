import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { z } from 'zod';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { EngineClient, EngineNotice } from '../engine-process/client.ts';
import { requestSchema } from '../../shared/ipc/contract.ts';
import type { EngineRequest } from '../../shared/ipc/contract.ts';
import type { Hello, HostMessage } from '../../shared/ipc/studio.ts';
import { tokenHeader } from '../../shared/ipc/studio.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { reply, sendImage, sendPage } from './files.ts';
import { isOwnHost, isOwnOrigin, isToken } from './security.ts';
import { Uploads } from './uploads.ts';

export interface StudioOptions {
  readonly engine: EngineClient;
  readonly hello: Hello;
  /** The built page. */
  readonly pageFolder: string;
  readonly port: number;
  /** Address to listen at; only this machine's own when not told. */
  readonly host?: string;
}

export interface StudioServer {
  /** The page with the token that lets it in. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

const uploadStatus = { stored: 201, 'bad-name': 400, 'too-much': 413, 'broken-off': 500 } as const;

/** A page's message is at most a training's settings. */
const maximumMessageBytes = 1_000_000;

/**
 * Serves the studio to a browser: the page over HTTP, the engine's contract over a WebSocket. Every message is parsed;
 * host, origin and token are checked before anything is done. Images come only out of datasets a page has inspected.
 * Errors: output-unwritable when the port is taken.
 */
export async function startStudio(options: StudioOptions): Promise<Result<StudioServer>> {
  const token = randomBytes(24).toString('base64url');
  const hosts = new Set<string>();
  const datasets = new Set<string>();
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOwnHost(request, hosts)) {
      reply(response, 421, 'This server does not answer to that name');
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const upload = /^\/upload\/([\w-]+)$/.exec(url.pathname)?.[1];
    if (upload !== undefined) {
      await handleUpload(upload, url, request, response);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply(response, 405, 'Only reading is possible here');
      return;
    }
    if (url.pathname !== '/image') {
      await sendPage(options.pageFolder, decodeURIComponent(url.pathname), response);
      return;
    }
    const dataset = url.searchParams.get('dataset') ?? '';
    if (!isToken(url.searchParams.get('token'), token) || !datasets.has(dataset)) {
      reply(response, 403, 'Not a dataset that was opened here');
      return;
    }
    await sendImage(dataset, url.searchParams.get('path') ?? '', response);
  };

  const uploads = new Uploads(options.hello.datasets);
  const handleUpload = async (
    id: string,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const key = request.headers[tokenHeader];
    if (!isOwnOrigin(request, hosts) || !isToken(typeof key === 'string' ? key : null, token)) {
      reply(response, 403, 'Not from this studio’s page');
    } else if (request.method === 'POST') {
      const outcome = await uploads.store(id, url.searchParams.get('path') ?? '', request);
      reply(response, uploadStatus[outcome], outcome);
    } else if (request.method === 'DELETE') {
      reply(response, (await uploads.remove(id)) ? 200 : 400, 'removed');
    } else reply(response, 405, 'Only POST and DELETE');
  };

  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const allowed =
      url.pathname === '/engine' &&
      isOwnHost(request, hosts) &&
      isOwnOrigin(request, hosts) &&
      isToken(url.searchParams.get('token'), token);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      serve(page);
    });
  });

  const pages = new Set<WebSocket>();
  const tell = (page: WebSocket, message: HostMessage): void => {
    page.send(JSON.stringify(message, (_, value: unknown) => plain(value)));
  };
  const stopListening = options.engine.subscribe((notice) => {
    const message = messageOf(notice);
    if (message === null) return;
    remember(message, datasets);
    afterAnswers(() => {
      for (const page of pages) tell(page, message);
    });
  });

  const serve = (page: WebSocket): void => {
    pages.add(page);
    const leave = new Set<() => void>();
    page.on('close', () => {
      pages.delete(page);
      for (const end of leave) end();
    });
    page.on('message', (data) => {
      const send = (message: HostMessage): void => {
        tell(page, message);
      };
      void answer(options.engine, (data as Buffer).toString(), send, leave);
    });
    tell(page, options.hello);
  };

  const host = options.host ?? '127.0.0.1';
  const listening = await new Promise<Result<void>>((resolve) => {
    server.once('error', (cause) => {
      resolve(err(cannotListen(host, options.port, cause)));
    });
    server.listen(options.port, host, () => {
      resolve(ok(undefined));
    });
  });
  if (!listening.ok) return listening;
  const { port } = server.address() as AddressInfo;
  for (const name of ownNames(host)) hosts.add(`${name}:${port}`);
  return ok({
    url: `http://${host}:${port}/#token=${token}`,
    port,
    token,
    async close() {
      stopListening();
      for (const page of pages) page.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  });
}

/**
 * A job's first events may arrive together with the answer that names it. Answers go out at the end of their turn of
 * the event loop, events in the next: so a page knows a job before it hears of it.
 */
function afterAnswers(send: () => void): void {
  setImmediate(send);
}

/** The names under which a server at this address may be asked. */
function ownNames(host: string): string[] {
  const local = [host, 'localhost', '127.0.0.1'];
  if (host !== '0.0.0.0' && host !== '::') return local;
  const addresses = Object.values(os.networkInterfaces())
    .flatMap((one) => one ?? [])
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return [...local, os.hostname(), ...addresses];
}

/** Does what a page asks, and answers by the request's id. */
async function answer(
  engine: EngineClient,
  text: string,
  send: (message: HostMessage) => void,
  leave: Set<() => void>,
): Promise<void> {
  const request = parseRequest(text);
  if (!request.ok) {
    send({ type: 'refusal', id: null, error: request.error });
    return;
  }
  const { id } = request.value;
  const result = await carryOut(engine, request.value, send, leave);
  if (result.ok) send({ type: 'answer', id, jobId: result.value });
  else send({ type: 'refusal', id, error: result.error });
}

async function carryOut(
  engine: EngineClient,
  request: EngineRequest,
  send: (message: HostMessage) => void,
  leave: Set<() => void>,
): Promise<Result<string | null>> {
  switch (request.type) {
    case 'start':
      return engine.start(request.job);
    case 'pause':
      return about(request.jobId, await engine.pause(request.jobId));
    case 'unpause':
      return about(request.jobId, await engine.unpause(request.jobId));
    case 'cancel':
      return about(request.jobId, await engine.cancel(request.jobId));
    case 'join': {
      const joined = await engine.join(request.jobId, request.afterSeq, (event) => {
        afterAnswers(() => {
          send({ type: 'event', event });
        });
      });
      if (joined.ok) leave.add(joined.value);
      return about(request.jobId, joined);
    }
    case 'shutdown':
      return err(thawError('usage', 'A page cannot end the engine.'));
    default:
      return unreachable(request);
  }
}

function about(jobId: string, result: Result<unknown>): Result<string> {
  return result.ok ? ok(jobId) : result;
}

function parseRequest(text: string): Result<EngineRequest> {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(text));
    if (parsed.success) return ok(parsed.data);
    return err(notInContract(z.prettifyError(parsed.error)));
  } catch (cause) {
    return err(notInContract(String(cause)));
  }
}

function notInContract(found: string): ThawError {
  return thawError('contract', 'The studio received a message that is not in its contract.', { found });
}

/** What pages are told of the engine's notices. */
function messageOf(notice: EngineNotice): HostMessage | null {
  switch (notice.type) {
    case 'event':
      return { type: 'event', event: notice.event };
    case 'gave-up':
    case 'refused':
      return { type: 'refusal', id: null, error: notice.error };
    case 'crashed':
    case 'restarted':
      return null;
    default:
      return unreachable(notice);
  }
}

const inspected = z.object({ kind: z.literal('folder'), location: z.string() });

/** A dataset folder that was inspected may show its images. */
function remember(message: HostMessage, datasets: Set<string>): void {
  if (message.type !== 'event' || message.event.body.type !== 'done') return;
  const report = inspected.safeParse(message.event.body.result);
  if (report.success) datasets.add(report.data.location);
}

/** JSON has no NaN; a page gets null for it. */
function plain(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function cannotListen(host: string, port: number, cause: Error): ThawError {
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return thawError('output-unwritable', `The studio cannot listen at ${host}:${port}.`, {
    found: code === 'EADDRINUSE' ? 'another program listens there' : code,
    remedy: 'Choose another --port; 0 takes any free one.',
  });
}
