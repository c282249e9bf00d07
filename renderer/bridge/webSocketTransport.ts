import type { Transport, TransportListener } from './transport.ts';

const shortestWait = 250;
const longestWait = 5_000;

/** Messages as JSON over a WebSocket to `thaw serve`; a lost connection is opened again, ever more patiently. */
export class WebSocketTransport implements Transport {
  readonly shell = 'browser';
  readonly token: string;
  #socket: WebSocket | null = null;
  #wait = shortestWait;

  constructor(token: string) {
    this.token = token;
  }

  open(listener: TransportListener): void {
    const { protocol, host } = window.location;
    const scheme = protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${host}/engine?token=${encodeURIComponent(this.token)}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = shortestWait;
      listener.opened();
    };
    socket.onmessage = ({ data }) => {
      listener.message(JSON.parse(String(data)));
    };
    socket.onclose = () => {
      listener.lost();
      window.setTimeout(() => {
        this.open(listener);
      }, this.#wait);
      this.#wait = Math.min(longestWait, this.#wait * 2);
    };
  }

  send(message: unknown): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  pathOf(): null {
    return null;
  }
}

/** The key in the address `thaw serve` printed; kept for reloads, taken out of the address. */
export function takeToken(): string | null {
  const inAddress = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (inAddress !== null) {
    sessionStorage.setItem('token', inAddress);
    history.replaceState(null, '', window.location.pathname);
  }
  return sessionStorage.getItem('token');
}
