import type { BridgeListener } from './bridge.ts';
import { Bridge } from './bridge.ts';
import { connectHost } from './hostAbilities.ts';
import type { Transport } from './transport.ts';
import { WebSocketTransport, takeToken } from './webSocketTransport.ts';
import { WindowTransport } from './windowTransport.ts';

export { Bridge } from './bridge.ts';
export type { BridgeListener } from './bridge.ts';
export { host } from './hostAbilities.ts';

/** Connects to the window's host, else to the server's; null when the page came without its key. */
export function openBridge(listener: BridgeListener): Bridge | null {
  const transport = chooseTransport();
  if (transport === null) return null;
  const bridge: Bridge = new Bridge(transport, {
    ...listener,
    hello(hello) {
      connectHost(bridge, hello.host);
      listener.hello(hello);
    },
  });
  return bridge;
}

function chooseTransport(): Transport | null {
  if (window.thawWindow !== undefined) return new WindowTransport(window.thawWindow);
  const token = takeToken();
  return token === null ? null : new WebSocketTransport(token);
}
