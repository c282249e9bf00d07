import type { Readable } from 'node:stream';
import type { ServedFile } from '../files/studioFiles.ts';
import { findPage } from '../files/studioFiles.ts';
import { parseRendition } from '../../../shared/ipc/dataset/images.ts';
import type { Archive, Exports } from '../files/exports.ts';
import type { Pictures } from './pictures.ts';
import type { Uploads } from '../files/uploads.ts';

export type ContentAnswer =
  | ({
      readonly kind: 'file';
      /** Whether the address names the content: then it never changes, and the page may keep it. */
      readonly isLasting: boolean;
    } & ServedFile)
  | ({ readonly kind: 'archive' } & Archive)
  | { readonly kind: 'message'; readonly status: number; readonly message: string };

export interface StudioContentOptions {
  /** The built page. */
  readonly pageFolder: string;
  /** Datasets that were opened: only their images are shown. */
  readonly datasets: ReadonlySet<string>;
  readonly pictures: Pictures;
  readonly uploads: Uploads;
  readonly exports: Exports;
}

const uploadStatus = { stored: 201, 'bad-name': 400, 'too-much': 413, 'broken-off': 500 } as const;

/** What the studio gives and takes by address, the same over HTTP and over the window's `thaw:` protocol. */
export class StudioContent {
  readonly #options: StudioContentOptions;

  constructor(options: StudioContentOptions) {
    this.#options = options;
  }

  /**
   * Reads the page's files, `/image?dataset=…&path=…&as=…&v=…` out of opened datasets, and `/export?directory=…`, a zip of
   * an export that was made.
   */
  async get(url: URL): Promise<ContentAnswer> {
    if (url.pathname === '/image') return this.#image(url.searchParams);
    if (url.pathname === '/export') return this.#export(url.searchParams);
    const pathname = decoded(url.pathname);
    if (pathname === null) return message(400, 'Not an address');
    return found(await findPage(this.#options.pageFolder, pathname));
  }

  async #image(query: URLSearchParams): Promise<ContentAnswer> {
    const { datasets, pictures } = this.#options;
    const dataset = query.get('dataset') ?? '';
    const rendition = parseRendition(query.get('as') ?? 'thumbnail-192');
    if (!datasets.has(dataset)) return message(403, 'Not a dataset that was opened here');
    if (rendition === null) return message(400, 'Not a way to show an image');
    return found(await pictures(dataset, query.get('path') ?? '', rendition), query.has('v'));
  }

  async #export(query: URLSearchParams): Promise<ContentAnswer> {
    const archive = await this.#options.exports.archive(query.get('directory') ?? '');
    return archive === null ? message(404, 'Not an export that is here') : { kind: 'archive', ...archive };
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
  return url.pathname === '/image' || url.pathname === '/export';
}

/** An answer of one line. */
export function message(status: number, text: string): ContentAnswer {
  return { kind: 'message', status, message: text };
}

function found(file: ServedFile | null, isLasting = false): ContentAnswer {
  return file === null ? message(404, 'Not found') : { kind: 'file', isLasting, ...file };
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A stray percent sign.
    return null;
  }
}
