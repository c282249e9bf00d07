import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { EngineClient } from '../engine-process/client.ts';
import { notInContract } from '../host/requests.ts';
import type { Recents } from '../host/recents.ts';
import { picturesOf } from '../host/page/pictures.ts';
import { StudioContent } from '../host/page/studioContent.ts';
import { StudioHost } from '../host/studioHost.ts';
import { Uploads } from '../host/files/uploads.ts';
import type { Greeting, HostMessage } from '../../shared/ipc/studio/studio.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { handleRequest } from './httpRequests.ts';
import { addressOf, inAddress, isOwnHost, isOwnOrigin, isToken, ownNames } from './security.ts';

export interface StudioOptions {
  readonly engine: EngineClient;
  readonly hello: Omit<Greeting, 'host'>;
  readonly recents: Recents;
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

/** A page's message is at most a decision about every image of a large dataset. */
const maximumMessageBytes = 64_000_000;

/** What may wait for a page that reads too slowly, or is gone without saying so. It joins its jobs again afterwards. */
const maximumWaitingBytes = 64 * 2 ** 20;

/** A large file over a slow line takes its time. */
const longestRequestMilliseconds = 3_600_000;

/**
 * Serves the studio to a browser: the page over HTTP, the engine's contract over a WebSocket. Every message is parsed;
 * host, origin and token are checked before anything is done. Images come only out of datasets a page has inspected.
 * Errors: output-unwritable when the port is taken.
 */
export async function startStudio(options: StudioOptions): Promise<Result<StudioServer>> {
  const { engine, hello, recents } = options;
  const token = randomBytes(24).toString('base64url');
  const hosts = new Set<string>();
  const studio = new StudioHost({
    engine,
    hello: { ...hello, host: { shell: 'browser', canChoose: false, canReveal: false } },
    actions: {
      recents,
      choose: () => Promise.resolve(err(onlyInWindow('open dialogs'))),
      reveal: () => Promise.resolve(err(onlyInWindow('show files'))),
      // A browser's page notifies by itself, and its theme has no frame to tell.
      notify: () => undefined,
      setTheme: () => undefined,
    },
  });
  const uploads = new Uploads(hello.datasets);
  const { pageFolder } = options;
  const pictures = picturesOf(engine);
  const content = new StudioContent({
    pageFolder,
    datasets: studio.datasets,
    pictures,
    uploads,
    exports: studio.exports,
  });
  const server = createServer((request, response) => {
    void handleRequest({ content, hosts, token }, request, response);
  });
  server.requestTimeout = longestRequestMilliseconds;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes });
  server.on('upgrade', (request, socket, head) => {
    // A connection that breaks while it is being answered.
    socket.on('error', () => socket.destroy());
    const url = addressOf(request);
    const isAllowed =
      url?.pathname === '/engine' &&
      isOwnHost(request, hosts) &&
      isOwnOrigin(request, hosts) &&
      isToken(url.searchParams.get('token'), token);
    if (!isAllowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      serve(studio, page);
    });
  });

  const host = options.host ?? '127.0.0.1';
  const listening = await listen(server, options.port, host);
  if (!listening.ok) return listening;
  const port = listening.value;
  for (const name of ownNames(host)) hosts.add(`${name}:${port}`);
  return ok({
    url: `http://${inAddress(host)}:${port}/#token=${token}`,
    port,
    token,
    async close() {
      studio.close();
      for (const page of sockets.clients) page.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  });
}

/** Carries one page's messages over its socket. */
function serve(studio: StudioHost, page: WebSocket): void {
  const tell = (message: HostMessage): void => {
    if (page.bufferedAmount > maximumWaitingBytes) {
      page.terminate();
      return;
    }
    page.send(JSON.stringify(message, (_, value: unknown) => plain(value)));
  };
  const connection = studio.connect(tell);
  page.on('close', () => {
    connection.close();
  });
  // A broken frame or one that is too long: the socket closes itself, which ends the connection.
  page.on('error', () => undefined);
  page.on('message', (data) => {
    const message = parseJson((data as Buffer).toString());
    if (message.ok) connection.receive(message.value);
    else tell({ type: 'refusal', id: null, error: message.error });
  });
}

function parseJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    return err(notInContract(String(cause)));
  }
}

/** JSON has no NaN; a page gets null for it. */
function plain(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function listen(server: Server, port: number, host: string): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (cause) => {
      resolve(err(cannotListen(host, port, cause)));
    });
    server.listen(port, host, () => {
      resolve(ok((server.address() as AddressInfo).port));
    });
  });
}

function cannotListen(host: string, port: number, cause: Error): ThawError {
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return thawError('output-unwritable', `The studio cannot listen at ${host}:${port}.`, {
    found: code === 'EADDRINUSE' ? 'another program listens there' : code,
    remedy: 'Choose another --port; 0 takes any free one.',
  });
}

function onlyInWindow(what: string): ThawError {
  return thawError('engine-unsupported', `A browser cannot ${what} on the engine’s machine.`);
}
