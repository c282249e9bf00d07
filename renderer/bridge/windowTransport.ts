import type { WindowBridge } from '../../shared/ipc/studio/studio.ts';
import type { Transport, TransportListener } from './transport.ts';

declare global {
  interface Window {
    /** Put there by the window's preload script; absent in a browser. */
    readonly thawWindow?: WindowBridge;
  }
}

/** Messages through the window's preload script. They come as long as the window lives. */
export class WindowTransport implements Transport {
  readonly shell = 'window';
  readonly token = '';
  readonly #bridge: WindowBridge;

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
  }

  open(listener: TransportListener): void {
    this.#bridge.connect((message) => {
      listener.message(message);
    });
    listener.opened();
  }

  send(message: unknown): boolean {
    this.#bridge.send(message);
    return true;
  }

  pathOf(file: object): string | null {
    const path = this.#bridge.pathOf(file);
    return path === '' ? null : path;
  }
}
