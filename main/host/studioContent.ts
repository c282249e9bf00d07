import type { Readable } from 'node:stream';
import type { ServedFile } from './studioFiles.ts';
import { findImage, findPage } from './studioFiles.ts';
import type { Uploads } from './uploads.ts';

export type ContentAnswer =
  | ({ readonly kind: 'file' } & ServedFile)
  | { readonly kind: 'message'; readonly status: number; readonly message: string };

export interface StudioContentOptions {
  /** The built page. */
  readonly pageFolder: string;
  /** Folders whose images may be shown. */
  readonly datasets: ReadonlySet<string>;
  readonly uploads: Uploads;
}

const uploadStatus = { stored: 201, 'bad-name': 400, 'too-much': 413, 'broken-off': 500 } as const;

/** What the studio gives and takes by address, the same over HTTP and over the window's `thaw:` protocol. */
export class StudioContent {
  readonly #options: StudioContentOptions;

  constructor(options: StudioContentOptions) {
    this.#options = options;
  }

  /** Reads the page's files, and `/image?dataset=…&path=…` out of opened datasets. */
  async get(url: URL): Promise<ContentAnswer> {
    if (url.pathname === '/image') {
      const dataset = url.searchParams.get('dataset') ?? '';
      if (!this.#options.datasets.has(dataset)) return message(403, 'Not a dataset that was opened here');
      return found(await findImage(dataset, url.searchParams.get('path') ?? ''));
    }
    const pathname = decoded(url.pathname);
    if (pathname === null) return message(400, 'Not an address');
    return found(await findPage(this.#options.pageFolder, pathname));
  }

  /** Stores a file of an upload (POST) or deletes the whole of it (DELETE). */
  async upload(id: string, method: string, url: URL, body: Readable): Promise<ContentAnswer> {
    const { uploads } = this.#options;
    if (method === 'DELETE') return message((await uploads.remove(id)) ? 200 : 400, 'removed');
    if (method !== 'POST') return message(405, 'Only POST and DELETE');
    const outcome = await uploads.store(id, url.searchParams.get('path') ?? '', body);
    return message(uploadStatus[outcome], outcome);
  }
}

/** The upload an address belongs to; null for every other address. */
export function uploadOf(url: URL): string | null {
  return /^\/upload\/([\w-]+)$/.exec(url.pathname)?.[1] ?? null;
}

/** Whether an address shows something of the user's, as against the page itself. */
export function isPrivate(url: URL): boolean {
  return url.pathname === '/image';
}

/** An answer of one line. */
export function message(status: number, text: string): ContentAnswer {
  return { kind: 'message', status, message: text };
}

function found(file: ServedFile | null): ContentAnswer {
  return file === null ? message(404, 'Not found') : { kind: 'file', ...file };
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A stray percent sign.
    return null;
  }
}
