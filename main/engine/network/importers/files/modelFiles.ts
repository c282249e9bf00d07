import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelZip } from './modelZip.ts';
import { openModelZip } from './modelZip.ts';

/** The files a model is made of: a folder, or an archive that is not unpacked. */
export interface ModelFiles {
  /** What to call it in errors. */
  readonly place: string;
  /** Bytes of a file, or null where there is none. */
  sizeOf(name: string): Promise<number | null>;
  /** A file's content, or null where it cannot be read. */
  read(name: string): Promise<Uint8Array | null>;
  /** Copies a file into a folder, at the same place below it. Rejects when it cannot be read or written. */
  copy(name: string, folder: string): Promise<void>;
}

export function folderFiles(folder: string): ModelFiles {
  return {
    place: folder,
    async sizeOf(name) {
      const found = await stat(path.join(folder, name)).catch(() => null);
      return found?.isFile() === true ? found.size : null;
    },
    read: (name) => readFile(path.join(folder, name)).catch(() => null),
    async copy(name, into) {
      await mkdir(path.dirname(path.join(into, name)), { recursive: true });
      await copyFile(path.join(folder, name), path.join(into, name));
    },
  };
}

/** The same, opened for each file anew, so that nothing has to be closed. */
export function zipFilesOnDemand(location: string, inside: string): ModelFiles {
  const using = async <T>(use: (files: ModelFiles) => Promise<T>): Promise<T> => {
    const zip = await openModelZip(location);
    if (!zip.ok) throw new Error(`${location} cannot be opened any more`);
    try {
      return await use(zipFiles(zip.value, location, inside));
    } finally {
      zip.value.close();
    }
  };
  return {
    place: location,
    sizeOf: (name) => using((files) => files.sizeOf(name)),
    read: (name) => using((files) => files.read(name)),
    copy: (name, folder) => using((files) => files.copy(name, folder)),
  };
}

const mostBytes = 4 * 2 ** 30 - 1;

/** @param inside the folder in the archive that the model is in, empty or ending in a slash. */
export function zipFiles(zip: ModelZip, place: string, inside: string): ModelFiles {
  const read = async (name: string): Promise<Uint8Array | null> => {
    const content = await zip.read(inside + name, mostBytes);
    return content.ok ? content.value : null;
  };
  return {
    place,
    sizeOf: (name) => Promise.resolve(zip.sizes.get(inside + name) ?? null),
    read,
    async copy(name, into) {
      const content = await read(name);
      if (content === null) throw new Error(`${name} in ${place} cannot be read`);
      await mkdir(path.dirname(path.join(into, name)), { recursive: true });
      await writeFile(path.join(into, name), content);
    },
  };
}
