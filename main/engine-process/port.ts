/** The engine process's one connection to its host, whatever started it. */
export interface Port {
  send(message: unknown): void;
  /** Resolves when everything sent has left this process. */
  flush(): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** The host is gone. Electron ends a utility process by itself; a forked one is told. */
  onDisconnect(listener: () => void): void;
}

/** What Electron puts on `process` inside a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** The port of this process: Electron's `process.parentPort`, or the channel `child_process.fork` opened; else null. */
export function hostPort(): Port | null {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return utilityProcessPort(parentPort);
  return typeof process.send === 'function' ? forkedPort() : null;
}

function utilityProcessPort(parentPort: ParentPort): Port {
  return {
    send: (message) => {
      parentPort.postMessage(message);
    },
    flush: () => new Promise((resolve) => setImmediate(resolve)),
    onMessage: (listener) => {
      parentPort.on('message', (event) => {
        listener(event.data);
      });
    },
    onDisconnect: () => undefined,
  };
}

function forkedPort(): Port {
  let last = Promise.resolve();
  return {
    send: (message) => {
      last = new Promise((resolve) => {
        // A send that fails means the host is gone, which `disconnect` reports.
        process.send?.(message, undefined, undefined, () => {
          resolve();
        });
      });
    },
    flush: () => last,
    onMessage: (listener) => process.on('message', listener),
    onDisconnect: (listener) => process.once('disconnect', listener),
  };
}
