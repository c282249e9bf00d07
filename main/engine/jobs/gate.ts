/** Holds an operation between two steps while its job is paused. */
export class Gate {
  #waiting: PromiseWithResolvers<void> | null = null;

  get closed(): boolean {
    return this.#waiting !== null;
  }

  close(): void {
    this.#waiting ??= withResolvers();
  }

  open(): void {
    this.#waiting?.resolve();
    this.#waiting = null;
  }

  /** Resolves at once while open, else when opened. */
  pass(): Promise<void> {
    return this.#waiting?.promise ?? Promise.resolve();
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
