/** A page in the background draws no frames; it is then brought up to date so often. */
const hiddenMs = 500;

/**
 * Collects what arrives and hands it over together, at most once a frame, so that a burst of events costs one
 * rendering.
 */
export class FrameQueue<T> {
  #waiting: T[] = [];
  #isPlanned = false;
  readonly #take: (items: readonly T[]) => void;

  constructor(take: (items: readonly T[]) => void) {
    this.#take = take;
  }

  push(item: T): void {
    this.#waiting.push(item);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const hand = (): void => {
      this.flush();
    };
    if (document.hidden) window.setTimeout(hand, hiddenMs);
    else requestAnimationFrame(hand);
  }

  /** Hands over at once what has arrived. */
  flush(): void {
    this.#isPlanned = false;
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length > 0) this.#take(items);
  }
}
