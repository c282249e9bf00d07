import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Sent with every answer. Scripts, styles and data come from this server alone; nothing may frame the page. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

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
