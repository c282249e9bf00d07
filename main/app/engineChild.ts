import { app, utilityProcess } from 'electron';
import type { EngineChild } from '../engine-process/child.ts';

/** Starts the engine as a utility process of the application. */
export function spawnEngine(entry: string): EngineChild {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Thaw engine',
    // What native libraries print is for a terminal; a packaged application has none.
    stdio: app.isPackaged ? 'ignore' : 'inherit',
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', (code) => {
        listener({ code, signal: null });
      });
    },
    kill: () => {
      // A process busy in native code does not hear a polite signal.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
}
