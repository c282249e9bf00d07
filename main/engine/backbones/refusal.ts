import type { ThawError } from '../../../shared/errors.ts';
import { thawError } from '../../../shared/errors.ts';

/**
 * What to tell a user whose network did not give a file: exactly what happened, and the way that always works.
 * @param cause an HTTP status, words for it, or what was thrown.
 */
export function explainRefusal(url: string, cause: unknown): ThawError {
  const { host } = new URL(url);
  const status = typeof cause === 'number' ? cause : null;
  return thawError('engine-missing', `The weights cannot be fetched from ${host}.`, {
    expected: url,
    found: status === null ? describe(cause, host) : ofStatus(status),
    remedy:
      'Download that address by other means (another machine, a browser) and hand the file over: thaw backbones add FILE. Behind a proxy, set HTTPS_PROXY.',
    ...(cause instanceof Error ? { detail: cause.stack ?? cause.message } : {}),
  });
}

function ofStatus(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return `the network or the server forbids it (HTTP ${status})`;
    case 404:
    case 410:
      return `the file is not there any more (HTTP ${status})`;
    case 407:
      return 'the proxy wants a name and a password (HTTP 407); put them into HTTPS_PROXY';
    default:
      return `HTTP ${status}`;
  }
}

function describe(cause: unknown, host: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause instanceof Error ? cause.cause : cause;
  const code = 'code' in inner ? String(inner.code) : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} is not known to this network (${code})`;
    case 'ECONNREFUSED':
      return `the connection was refused (${code})`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `the connection was broken off (${code})`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer came in time (${code})`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `there is no way to ${host} (${code})`;
    default:
      return code === '' ? inner.message : `${inner.message} (${code})`;
  }
}
