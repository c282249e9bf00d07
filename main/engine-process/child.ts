import { fork } from 'node:child_process';

/** How an engine process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A started engine process as its host sees it: a forked process here, Electron's utility process in the window. */
export interface EngineChild {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started. */
  onExit(listener: (exit: Exit) => void): void;
  kill(): void;
}

export interface ForkOptions {
  /** The built entry, e.g. `builtEntry('engine-process')`. */
  readonly entry: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where what native libraries print goes. */
  readonly stderr?: 'inherit' | 'ignore';
}

/** Starts the engine as a child process. Its standard output is not the host's: native code may write there. */
export function forkEngine(options: ForkOptions): EngineChild {
  const child = fork(options.entry, [], {
    serialization: 'advanced',
    execArgv: [],
    env: options.env ?? process.env,
    stdio: ['ignore', 'ignore', options.stderr ?? 'inherit', 'ipc'],
  });
  return {
    pid: child.pid,
    // A send that fails means that the process is gone, which `exit` reports.
    send: (message) => child.connected && child.send(message as object, () => undefined),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (exit: Exit): void => {
        if (!told) listener(exit);
        told = true;
      };
      child.once('exit', (code, signal) => {
        tell({ code, signal });
      });
      child.on('error', () => {
        if (child.pid === undefined) tell({ code: null, signal: null });
      });
    },
    kill: () => child.kill('SIGKILL'),
  };
}
