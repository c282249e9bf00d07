import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What one dropped dataset may amount to. */
export const uploadLimits = { files: 200_000, bytes: 64 * 2 ** 30, fileBytes: 2 * 2 ** 30 } as const;

export type UploadOutcome = 'stored' | 'bad-name' | 'too-much' | 'broken-off';

/** Datasets dropped on the page, copied below a folder: one folder an upload, deleted when it is cancelled. */
export class Uploads {
  readonly #root: string;
  readonly #limits: { readonly files: number; readonly bytes: number; readonly fileBytes: number };
  readonly #counts = new Map<string, { files: number; bytes: number }>();

  constructor(root: string, limits: Partial<Record<keyof typeof uploadLimits, number>> = {}) {
    this.#root = root;
    this.#limits = { ...uploadLimits, ...limits };
  }

  /** Streams a body to `inside` of the upload `id`. An existing file is never replaced. */
  async store(id: string, inside: string, body: Readable): Promise<UploadOutcome> {
    const file = this.#fileOf(id, inside);
    if (file === null) return 'bad-name';
    const count = this.#counts.get(id) ?? { files: 0, bytes: 0 };
    this.#counts.set(id, count);
    count.files += 1;
    if (count.files > this.#limits.files) return 'too-much';
    let own = 0;
    let isTooMuch = false;
    const counting = new Transform({
      transform: (chunk: Buffer, _, done) => {
        own += chunk.length;
        count.bytes += chunk.length;
        isTooMuch = own > this.#limits.fileBytes || count.bytes > this.#limits.bytes;
        done(isTooMuch ? new Error('too much') : null, chunk);
      },
    });
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await pipeline(body, counting, createWriteStream(file, { flags: 'wx' }));
      return 'stored';
    } catch (cause) {
      if (
        cause instanceof Error &&
        'code' in cause &&
        ['EEXIST', 'ENOTDIR', 'EISDIR'].includes(String(cause.code))
      )
        return 'bad-name';
      await rm(file, { force: true });
      if (isTooMuch) return 'too-much';
      // The page went away, or the disk is full: either way the file is not there.
      return 'broken-off';
    }
  }

  async remove(id: string): Promise<boolean> {
    if (!isName(id)) return false;
    await rm(path.join(this.#root, id), { recursive: true, force: true });
    return true;
  }

  #fileOf(id: string, inside: string): string | null {
    const parts = inside.split('/');
    const isFine = isName(id) && parts.length <= 16 && parts.every(isName);
    return isFine ? path.join(this.#root, id, ...parts) : null;
  }
}

/** One part of a path: no way up, no other separator, nothing a file system cannot hold. */
function isName(part: string): boolean {
  const isDots = part === '.' || part === '..';
  return part !== '' && !isDots && !/[/\\\0:]/.test(part) && Buffer.byteLength(part) <= 255;
}
