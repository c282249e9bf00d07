import type { BridgeListener } from './bridge.ts';
import { Bridge } from './bridge.ts';
import type { Transport } from './transport.ts';
import { WebSocketTransport, takeToken } from './webSocketTransport.ts';
import { WindowTransport } from './windowTransport.ts';

export { Bridge } from './bridge.ts';
export type { BridgeListener } from './bridge.ts';
export { connectHost, host } from './hostAbilities.ts';

/** Connects to the window's host, else to the server's; null when the page came without its key. */
export function openBridge(listener: BridgeListener): Bridge | null {
  const transport = chooseTransport();
  return transport === null ? null : new Bridge(transport, listener);
}

function chooseTransport(): Transport | null {
  if (window.thawWindow !== undefined) return new WindowTransport(window.thawWindow);
  const token = takeToken();
  return token === null ? null : new WebSocketTransport(token);
}
