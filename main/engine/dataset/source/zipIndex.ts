import path from 'node:path';
import { getFileNameLowLevel, validateFileName, type Entry, type ZipFile } from 'yauzl';
import { thawError, type ThawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { describeCause } from './readFile.ts';

/** What an archive may at most contain. A tested real archive of photos is far below each of these. */
export interface ZipLimits {
  readonly entries: number;
  /** Sum of the uncompressed sizes. */
  readonly totalBytes: number;
  /** Uncompressed over compressed size, applied to entries and archives above `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

export const defaultZipLimits: ZipLimits = {
  entries: 5_000_000,
  totalBytes: 1024 ** 4,
  ratio: 200,
  ratioFromBytes: 64 * 1024 ** 2,
};

/** The archive's files by path (folders left out), and paths that it names more than once. */
export interface ZipIndex {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly repeated: readonly string[];
}

/**
 * Reads an archive's central directory, from an archive opened with `decodeStrings: false`. The whole archive is
 * refused (`input-refused`) if one entry is named outside it, is a symbolic link, is encrypted or a decompression
 * bomb; a damaged directory is `input-corrupt`. APPNOTE.TXT 4.3.12, 4.4.
 */
export async function indexZip(zip: ZipFile, location: string, limits: ZipLimits): Promise<Result<ZipIndex>> {
  const name = path.basename(location);
  const refuse = (message: string, more: Omit<ThawError, 'code' | 'message'>) =>
    err(thawError('input-refused', message, more));
  const entries = new Map<string, Entry>();
  const repeated: string[] = [];
  if (zip.entryCount > limits.entries) {
    return refuse(`${name} has too many entries.`, {
      expected: `at most ${limits.entries}`,
      found: String(zip.entryCount),
    });
  }
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const fileName = nameOf(entry);
      const quoted = JSON.stringify(fileName);
      const bad = fileName.includes('\0') ? 'a NUL character in a name' : validateFileName(fileName);
      if (bad !== null) {
        return refuse(`${name} holds ${quoted}, which would lie outside the archive.`, {
          expected: 'relative names without “..”',
          found: bad,
          remedy: 'Do not trust this archive; make a new one from the folder.',
        });
      }
      if (isSymbolicLink(entry)) {
        return refuse(`${name} holds a symbolic link, ${quoted}.`, {
          expected: 'files and folders only',
          remedy: 'Pack the folder with its links resolved.',
        });
      }
      if (entry.isEncrypted()) {
        return refuse(`${name} is encrypted (${quoted}).`, { remedy: 'Pack it again without a password.' });
      }
      total += entry.uncompressedSize;
      if (isBomb(entry.uncompressedSize, entry.compressedSize, limits)) {
        return refuse(`${name} looks like a decompression bomb: ${quoted} grows too much.`, {
          expected: `at most ${limits.ratio} times its packed size`,
          found: `${entry.compressedSize} bytes that become ${entry.uncompressedSize}`,
        });
      }
      if (total > limits.totalBytes || isBomb(total, zip.fileSize, limits)) {
        return refuse(`${name} looks like a decompression bomb: its files are too large together.`, {
          expected: `at most ${limits.ratio} times the archive’s ${zip.fileSize} bytes, and ${limits.totalBytes}`,
          found: `more than ${total} bytes`,
        });
      }
      if (fileName.endsWith('/')) continue;
      if (entries.has(fileName)) repeated.push(fileName);
      else entries.set(fileName, entry);
    }
  } catch (cause) {
    return err(
      thawError('input-corrupt', `The table of contents of ${name} is damaged.`, {
        found: describeCause(cause),
      }),
    );
  }
  return ok({ entries, repeated });
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function isSymbolicLink(entry: Entry): boolean {
  const madeByUnix = entry.versionMadeBy >> 8 === 3 || entry.versionMadeBy >> 8 === 19;
  return madeByUnix && ((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000;
}

function isBomb(bytes: number, packedBytes: number, limits: ZipLimits): boolean {
  return bytes > limits.ratioFromBytes && bytes > packedBytes * limits.ratio;
}
