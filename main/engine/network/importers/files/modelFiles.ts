import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelZip } from './modelZip.ts';

/** The files a model is made of: a folder, or an archive that is not unpacked. */
export interface ModelFiles {
  /** What to call it in errors. */
  readonly place: string;
  /** Bytes of a file, or null where there is none. */
  sizeOf(name: string): Promise<number | null>;
  /** A file's content, or null where it cannot be read. */
  read(name: string): Promise<Uint8Array | null>;
}

export function folderFiles(folder: string): ModelFiles {
  return {
    place: folder,
    async sizeOf(name) {
      const found = await stat(path.join(folder, name)).catch(() => null);
      return found?.isFile() === true ? found.size : null;
    },
    read: (name) => readFile(path.join(folder, name)).catch(() => null),
  };
}

const mostBytes = 4 * 2 ** 30 - 1;

/** @param inside the folder in the archive that the model is in, empty or ending in a slash. */
export function zipFiles(zip: ModelZip, place: string, inside: string): ModelFiles {
  return {
    place,
    sizeOf: (name) => Promise.resolve(zip.sizes.get(inside + name) ?? null),
    async read(name) {
      const content = await zip.read(inside + name, mostBytes);
      return content.ok ? content.value : null;
    },
  };
}
