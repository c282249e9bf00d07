import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';

/** Whether the request was meant for this server: another site's page that resolves its name to us says its own. */
export function isOwnHost(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  return hosts.has(request.headers.host ?? '');
}

/** Whether a request that carries an origin comes from our own page. */
export function isOwnOrigin(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && hosts.has(new URL(origin).host);
}

/** Compares in a time that tells nothing about the token. */
export function isToken(given: string | null, token: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The address a request asks for; null when it is none. */
export function addressOf(request: IncomingMessage): URL | null {
  const { url } = request;
  if (url?.startsWith('/') !== true || !URL.canParse(`http://localhost${url}`)) return null;
  return new URL(`http://localhost${url}`);
}

/** The names under which a server at this address may be asked. */
export function ownNames(host: string): string[] {
  const local = [inAddress(host), 'localhost', '127.0.0.1'];
  if (host !== '0.0.0.0' && host !== '::') return local;
  const addresses = Object.values(os.networkInterfaces())
    .flatMap((one) => one ?? [])
    .map(({ address }) => inAddress(address));
  return [...local, os.hostname(), ...addresses];
}

/** A host as addresses write it: IPv6 in brackets. */
export function inAddress(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
