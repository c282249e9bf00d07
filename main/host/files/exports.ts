import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A folder as one file, made while it is read. */
export interface Archive {
  readonly stream: Readable;
  readonly size: number;
  /** A name for the file. */
  readonly name: string;
}

/**
 * Exports made since the host was started: these folders, and of them these files, may be taken away as a zip, and
 * nothing else.
 */
export class Exports {
  readonly #files = new Map<string, readonly string[]>();

  /** An export has been written. @param files paths in the folder, with forward slashes. */
  add(directory: string, files: readonly string[]): void {
    this.#files.set(directory, files);
  }

  /** The export as a zip. Null for a folder that no export was made in, and where a file is gone or leads out of it. */
  async archive(directory: string): Promise<Archive | null> {
    const names = this.#files.get(directory);
    if (names === undefined) return null;
    const files = await Promise.all(names.map((name) => fileIn(directory, name)));
    const zip = new ZipFile();
    const top = path.basename(directory);
    for (const [index, file] of files.entries()) {
      if (file === null) return null;
      // Weights hardly get smaller; stored as they are, the zip's size is known before it is made.
      zip.addFile(file, `${top}/${names[index] ?? ''}`, { compress: false });
    }
    const size = await new Promise<number>((resolve) => {
      // Its types leave out that the callback is given the size.
      zip.end({ forceZip64Format: false, comment: '' }, resolve as () => void);
    });
    const stream = zip.outputStream as Readable;
    // A file that changes while it is read breaks the zip off; its size tells whoever receives it.
    zip.on('error', (cause: Error) => stream.destroy(cause));
    return { stream, size, name: `${top}.zip` };
  }
}

async function fileIn(directory: string, name: string): Promise<string | null> {
  try {
    const [root, file] = await Promise.all([realpath(directory), realpath(path.join(directory, name))]);
    const isInside = file.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
    return isInside && (await stat(file)).isFile() ? file : null;
  } catch {
    // Gone since: there is no whole export any more.
    return null;
  }
}
