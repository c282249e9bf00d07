/** Electron's newer interfaces over those of Electron 9. */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import electron from 'electron';

/** Electron 9's main side, as far as it differs. */
interface OldUpload {
  readonly bytes?: Buffer;
  readonly blobUUID?: string;
}
interface OldRequest {
  readonly url: string;
  readonly method: string;
  readonly uploadData?: readonly OldUpload[];
}
interface OldProtocol {
  registerStreamProtocol(
    scheme: string,
    handler: (request: OldRequest, answer: (response: object) => void) => void,
  ): void;
  handle?(scheme: string, handler: (request: object) => Promise<AnswerLike>): void;
}
interface AnswerLike {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

const old = electron as unknown as {
  readonly app: EventEmitter & { whenReady(): Promise<void> };
  readonly ipcMain: EventEmitter;
  readonly protocol: OldProtocol;
  readonly session: {
    readonly defaultSession: Record<string, unknown> & { getBlobData(id: string): Promise<Buffer> };
  };
  utilityProcess?: object;
};

/** The engine needs a newer Node than this Electron has: the tests say which. */
function forkUtility(entry: string): EventEmitter {
  const execPath = process.env['THAW_E2E_NODE'] ?? 'node';
  // Playwright's and Electron's own settings of Node are not for the engine.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '', NODE_OPTIONS: '' };
  const child = fork(entry, [], {
    execPath,
    execArgv: [],
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const utility = new EventEmitter();
  child.on('message', (message) => utility.emit('message', message));
  child.once('exit', (code) => utility.emit('exit', code));
  return Object.assign(utility, {
    pid: child.pid,
    postMessage: (message: object) => child.connected && child.send(message, () => undefined),
    kill: () => child.kill(),
  });
}
old.utilityProcess ??= { fork: forkUtility };

/** A request's body, whole: tests send small files. */
async function bodyOf({ uploadData }: OldRequest): Promise<Readable | null> {
  if (uploadData === undefined) return null;
  const parts = await Promise.all(
    uploadData.map(({ bytes, blobUUID }) =>
      blobUUID === undefined ? (bytes ?? Buffer.alloc(0)) : old.session.defaultSession.getBlobData(blobUUID),
    ),
  );
  return Readable.from([Buffer.concat(parts)]);
}

old.protocol.handle ??= (scheme, handler) => {
  old.protocol.registerStreamProtocol(scheme, (request, answer) => {
    void bodyOf(request)
      .then((body) => handler({ url: request.url, method: request.method, body }))
      .then(({ status, headers, body }) => {
        answer({ statusCode: status, headers, data: body });
      });
  });
};

/** `event.url`, which newer Electrons give with the event. */
function withUrl(contents: EventEmitter): void {
  const on = contents.on.bind(contents);
  contents.on = (name: string, listener: (...args: unknown[]) => void) => {
    if (name !== 'will-navigate' && name !== 'will-redirect') return on(name, listener);
    return on(name, (event: object, url: string) => {
      listener(Object.assign(event, { url }));
    });
  };
}

old.app.on('web-contents-created', (_: unknown, contents: EventEmitter & { getURL(): string }) => {
  withUrl(contents);
  const mainFrame = {
    get url() {
      return contents.getURL();
    },
  };
  Object.assign(contents, {
    mainFrame,
    setWindowOpenHandler(handler: () => { action: string }) {
      contents.on('new-window', (event: { preventDefault(): void }) => {
        if (handler().action === 'deny') event.preventDefault();
      });
    },
  });
});

const on = old.ipcMain.on.bind(old.ipcMain);
old.ipcMain.on = (channel: string, listener: (...args: unknown[]) => void) =>
  on(channel, (event: { sender: { mainFrame: object } }, ...args: unknown[]) => {
    listener(Object.assign(event, { senderFrame: event.sender.mainFrame }), ...args);
  });

void old.app.whenReady().then(() => {
  old.session.defaultSession['setDevicePermissionHandler'] ??= () => undefined;
});
