import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { securityHeaders } from './security.ts';

const pageTypes = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** What a browser shows by itself. */
const imageTypes = new Map([
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.gif', 'image/gif'],
  ['.avif', 'image/avif'],
  ['.bmp', 'image/bmp'],
]);

/** Sends a file of the page's own. */
export function sendPage(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  return sendFile(folder, pathname === '/' ? 'index.html' : pathname.slice(1), pageTypes, response);
}

/** Sends an image out of a dataset's folder. */
export function sendImage(folder: string, inside: string, response: ServerResponse): Promise<void> {
  return sendFile(folder, inside, imageTypes, response);
}

/** Nothing outside the folder is ever sent, links out of it included, and nothing of a type not listed. */
async function sendFile(
  folder: string,
  inside: string,
  types: ReadonlyMap<string, string>,
  response: ServerResponse,
): Promise<void> {
  const type = types.get(path.extname(inside).toLowerCase());
  const file = await realpath(path.join(folder, inside)).catch(() => null);
  const root = await realpath(folder).catch(() => null);
  if (type === undefined || file === null || root === null || !file.startsWith(root + path.sep)) {
    reply(response, 404, 'Not found');
    return;
  }
  const { size } = await stat(file);
  response.writeHead(200, { ...securityHeaders, 'Content-Type': type, 'Content-Length': size });
  // A browser that stops reading ends the pipe; there is nobody left to tell.
  await pipeline(createReadStream(file), response).catch(() => response.destroy());
}

export function reply(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}
