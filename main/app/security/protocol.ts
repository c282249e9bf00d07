import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { protocol } from 'electron';
import { securityHeaders } from '../../host/page/policy.ts';
import type { ContentAnswer, StudioContent } from '../../host/page/studioContent.ts';
import { message, uploadOf } from '../../host/page/studioContent.ts';
import { pageHost, pageScheme } from './page.ts';

/** Makes `thaw:` an origin of its own with fetch and storage. Must come before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Serves the page and what it may see and store over `thaw://studio`. */
export function setupProtocol({ content }: { readonly content: StudioContent }): void {
  protocol.handle(pageScheme, async (request) => responseOf(await answerTo(content, request)));
}

async function answerTo(content: StudioContent, request: Request): Promise<ContentAnswer> {
  const url = new URL(request.url);
  if (url.host !== pageHost) return message(421, 'There is one studio');
  const upload = uploadOf(url);
  if (upload !== null) {
    const body = request.body === null ? Readable.from([]) : Readable.fromWeb(request.body as ReadableStream);
    return content.upload(upload, request.method, url, body);
  }
  if (request.method !== 'GET') return message(405, 'Only reading is possible here');
  return content.get(url);
}

function responseOf(answer: ContentAnswer): Response {
  if (answer.kind === 'message')
    return new Response(`${answer.message}\n`, {
      status: answer.status,
      headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
    });
  const isArchive = answer.kind === 'archive';
  const stream = isArchive ? answer.stream : createReadStream(answer.file);
  const body = Readable.toWeb(stream) as unknown as ConstructorParameters<typeof Response>[0];
  const type = isArchive ? 'application/zip' : answer.type;
  return new Response(body, {
    headers: { ...securityHeaders, 'Content-Type': type, 'Content-Length': String(answer.size) },
  });
}
