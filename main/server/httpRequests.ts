import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { lastingHeaders, securityHeaders } from '../host/page/policy.ts';
import type { ContentAnswer, StudioContent } from '../host/page/studioContent.ts';
import { isPrivate, message, uploadOf } from '../host/page/studioContent.ts';
import { tokenHeader } from '../../shared/ipc/studio/studio.ts';
import { addressOf, isOwnHost, isOwnOrigin, isToken } from './security.ts';

export interface HttpOptions {
  readonly content: StudioContent;
  readonly hosts: ReadonlySet<string>;
  readonly token: string;
}

/** Answers one request: whose it is comes first, then what it wants. Never throws for what a request says. */
export async function handleRequest(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await send(response, await answerTo(options, request));
}

async function answerTo(options: HttpOptions, request: IncomingMessage): Promise<ContentAnswer> {
  const { content, hosts, token } = options;
  if (!isOwnHost(request, hosts)) return message(421, 'This server does not answer to that name');
  const url = addressOf(request);
  if (url === null) return message(400, 'Not an address');
  const method = request.method ?? '';
  const upload = uploadOf(url);
  if (upload !== null) {
    const key = request.headers[tokenHeader];
    const isOurs = isOwnOrigin(request, hosts) && isToken(typeof key === 'string' ? key : null, token);
    return isOurs
      ? content.upload(upload, method, url, request)
      : message(403, 'Not from this studio’s page');
  }
  if (method !== 'GET' && method !== 'HEAD') return message(405, 'Only reading is possible here');
  if (isPrivate(url) && !isToken(url.searchParams.get('token'), token))
    return message(403, 'Not from this studio’s page');
  return content.get(url);
}

async function send(response: ServerResponse, answer: ContentAnswer): Promise<void> {
  if (answer.kind === 'message') {
    response.writeHead(answer.status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`${answer.message}\n`);
    return;
  }
  if (answer.kind === 'archive') {
    response.writeHead(200, {
      ...securityHeaders,
      'Content-Type': 'application/zip',
      'Content-Length': answer.size,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(answer.name)}`,
    });
    await pipeline(answer.stream, response).catch(() => response.destroy());
    return;
  }
  const { file, type, size, isLasting } = answer;
  const headers = isLasting ? lastingHeaders : securityHeaders;
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': size });
  // A browser that stops reading ends the pipe; there is nobody left to tell.
  await pipeline(createReadStream(file), response).catch(() => response.destroy());
}
