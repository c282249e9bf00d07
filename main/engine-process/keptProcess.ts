import type { ThawError } from '../../shared/errors.ts';
import type { EngineChild, Exit } from './child.ts';
import { crashed, crashedAgain } from './failures.ts';

export interface KeptProcessOptions {
  readonly spawn: () => EngineChild;
  /** Crashes, each within `quickSeconds` of its start, after which it stays down. */
  readonly quickCrashes: number;
  readonly quickSeconds: number;
  /** The wait before the first restart; it doubles with each quick crash. */
  readonly backoffSeconds: number;
  /** How long a starting process may take to say that it is ready. */
  readonly readySeconds: number;
}

/** How a process ended, and what that means. */
export interface Ending {
  readonly exit: Exit;
  readonly error: ThawError;
  /** It was told to end. */
  readonly isWanted: boolean;
  /** Why it does not start again; null when it does, or was told to end. */
  readonly gaveUp: ThawError | null;
}

interface Watcher {
  message(message: unknown): void;
  ended(ending: Ending): void;
}

type State =
  | { readonly name: 'starting' | 'ready'; readonly child: EngineChild; readonly since: number }
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'down'; readonly error: ThawError };

/** A process that is started again when it ends by itself, later each time, and not for ever. */
export class KeptProcess {
  readonly #options: KeptProcessOptions;
  readonly #watcher: Watcher;
  #quick = 0;
  #starts = 0;
  #isClosing = false;
  #readyTimer: NodeJS.Timeout | undefined;
  #state: State;

  constructor(options: KeptProcessOptions, watcher: Watcher) {
    this.#options = options;
    this.#watcher = watcher;
    this.#state = this.#spawn();
  }

  /** Null while there is none. */
  get pid(): number | null {
    return 'child' in this.#state ? (this.#state.child.pid ?? null) : null;
  }

  /** Why there is none, and will be none. */
  get down(): ThawError | null {
    return this.#state.name === 'down' ? this.#state.error : null;
  }

  /** Sends to the process; null while there is none that is ready. */
  get send(): ((message: unknown) => void) | null {
    if (this.#state.name !== 'ready') return null;
    const { child } = this.#state;
    return (message) => {
      child.send(message);
    };
  }

  /** The process has said that it is ready. Gives its sender and whether it was started again; null if not awaited. */
  becomeReady(): { readonly send: (message: unknown) => void; readonly isAgain: boolean } | null {
    if (this.#state.name !== 'starting') return null;
    clearTimeout(this.#readyTimer);
    this.#state = { ...this.#state, name: 'ready' };
    return this.send && { send: this.send, isAgain: this.#starts > 1 };
  }

  /** Ends it for good: `ask` asks it to end, and after `graceSeconds` it is killed. */
  async close(ask: () => void, graceSeconds: number, why: ThawError): Promise<void> {
    this.#isClosing = true;
    if (this.#state.name === 'waiting') clearTimeout(this.#state.timer);
    if ('child' in this.#state) {
      const { child } = this.#state;
      const gone = new Promise<void>((resolve) => {
        child.onExit(() => {
          resolve();
        });
      });
      ask();
      const timer = setTimeout(() => {
        child.kill();
      }, graceSeconds * 1000);
      await gone;
      clearTimeout(timer);
    }
    this.#state = { name: 'down', error: why };
  }

  #spawn(): State {
    this.#starts += 1;
    const child = this.#options.spawn();
    child.onMessage((message) => {
      this.#watcher.message(message);
    });
    child.onExit((exit) => {
      this.#exited(exit);
    });
    this.#readyTimer = setTimeout(() => {
      child.kill();
    }, this.#options.readySeconds * 1000);
    return { name: 'starting', child, since: Date.now() };
  }

  #exited(exit: Exit): void {
    clearTimeout(this.#readyTimer);
    if (!('child' in this.#state)) return;
    const isQuick = Date.now() - this.#state.since < this.#options.quickSeconds * 1000;
    this.#quick = isQuick ? this.#quick + 1 : 0;
    const error = crashed(exit);
    const isTooOften = this.#quick >= this.#options.quickCrashes;
    const gaveUp = isTooOften && !this.#isClosing ? crashedAgain(this.#quick, error) : null;
    this.#state =
      gaveUp !== null || this.#isClosing ? { name: 'down', error: gaveUp ?? error } : this.#waiting();
    this.#watcher.ended({ exit, error, isWanted: this.#isClosing, gaveUp });
  }

  #waiting(): State {
    const seconds = this.#options.backoffSeconds * 2 ** Math.max(0, this.#quick - 1);
    const timer = setTimeout(() => {
      this.#state = this.#spawn();
    }, seconds * 1000);
    return { name: 'waiting', timer };
  }
}
