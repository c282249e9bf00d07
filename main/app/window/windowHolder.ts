import type { BrowserWindow } from 'electron';

/** The application's one window, which may be closed and opened again. */
export class WindowHolder {
  #window: BrowserWindow | null = null;

  get current(): BrowserWindow | null {
    return this.#window?.isDestroyed() === true ? null : this.#window;
  }

  set(window: BrowserWindow): void {
    this.#window = window;
  }
}
