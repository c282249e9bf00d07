import { open } from 'node:fs/promises';
import path from 'node:path';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { unpackEntry } from '../../../dataset/source/zipEntry.ts';
import type { ZipLimits } from '../../../dataset/source/zipIndex.ts';
import { indexZip } from '../../../dataset/source/zipIndex.ts';
import type { Hdf5Source } from '../../hdf5/protocol.ts';

/** An archive that holds a model. Nothing of it is unpacked to disk. */
export interface ModelZip {
  readonly names: readonly string[];
  /** Bytes of each entry, unpacked. */
  readonly sizes: ReadonlyMap<string, number>;
  /** A whole entry, at most `maximumBytes` long. Errors: input-missing, input-refused, input-corrupt. */
  read(name: string, maximumBytes: number): Promise<Result<Uint8Array>>;
  /** An entry as a source of HDF5: where it lies in the archive if it is stored, else unpacked in memory. */
  source(name: string): Promise<Result<Hdf5Source>>;
  close(): void;
}

/** Weights hardly compress, and descriptions are small. */
const limits: ZipLimits = {
  entries: 20_000,
  totalBytes: 16 * 2 ** 30,
  ratio: 20,
  ratioFromBytes: 16 * 2 ** 20,
};

const stored = 0;
const mostUnpacked = 4 * 2 ** 30 - 1;

/** Whether a file begins as a zip with entries does (APPNOTE.TXT 4.3.7). */
export async function isZip(location: string): Promise<boolean> {
  return [0x50, 0x4b, 0x03, 0x04].join() === (await readHead(location, 4)).join();
}

/** The first bytes of a file; fewer where it is shorter, none where it is no file. */
export async function readHead(location: string, bytes: number): Promise<number[]> {
  const file = await open(location).catch(() => null);
  if (file === null) return [];
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, 0);
    return [...buffer.subarray(0, bytesRead)];
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

/** Errors: input-corrupt; input-refused for bombs, names outside the archive, links and passwords. */
export async function openModelZip(location: string): Promise<Result<ModelZip>> {
  const name = path.basename(location);
  let zip: ZipFile;
  try {
    zip = await openPromise(location, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
  } catch (cause) {
    return err(
      thawError('input-corrupt', `${name} is damaged or cut short: it is not a complete zip archive.`, {
        remedy: 'Copy or download it again.',
        detail: String(cause),
      }),
    );
  }
  const index = await indexZip(zip, location, limits);
  if (!index.ok) {
    zip.close();
    return index;
  }
  const { entries } = index.value;
  return ok({
    names: [...entries.keys()],
    sizes: new Map([...entries].map(([entry, { uncompressedSize }]) => [entry, uncompressedSize])),
    read: (entry, maximumBytes) => readEntry(zip, entries.get(entry), entry, name, maximumBytes),
    async source(entry) {
      const found = entries.get(entry);
      if (found?.compressionMethod === stored) {
        const start = await zip.readLocalFileHeaderPromise(found, { minimal: true }).catch(() => null);
        if (start === null) return damaged(entry, name, 'its header cannot be read');
        const { fileDataStart: offset } = start;
        return ok({ kind: 'file', path: location, offset, length: found.uncompressedSize });
      }
      const bytes = await readEntry(zip, found, entry, name, mostUnpacked);
      return bytes.ok ? ok({ kind: 'bytes', bytes: bytes.value }) : bytes;
    },
    close: () => {
      zip.close();
    },
  });
}

async function readEntry(
  zip: ZipFile,
  entry: Entry | undefined,
  at: string,
  name: string,
  maximumBytes: number,
): Promise<Result<Uint8Array>> {
  if (entry === undefined) return err(thawError('input-missing', `${name} holds no ${at}.`));
  if (entry.uncompressedSize > maximumBytes)
    return err(
      thawError('input-refused', `${at} in ${name} is too large.`, {
        expected: `at most ${maximumBytes} bytes`,
        found: `${entry.uncompressedSize} bytes`,
      }),
    );
  try {
    const bytes = await unpackEntry(zip, entry);
    return bytes !== null ? ok(bytes) : damaged(at, name, 'its checksum does not match');
  } catch (cause) {
    return damaged(at, name, 'it cannot be unpacked', String(cause));
  }
}

function damaged(at: string, name: string, why: string, detail?: string): Result<never> {
  return err(
    thawError('input-corrupt', `${at} in ${name} is damaged: ${why}.`, {
      remedy: 'Copy or download the file again.',
      ...(detail === undefined ? {} : { detail }),
    }),
  );
}
