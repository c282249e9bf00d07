import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';

/** The bytes of an entry, whose size was allowed before; null when its checksum does not match. Throws what yauzl throws. */
export async function unpackEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(entry.uncompressedSize);
  let length = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return length === bytes.length && crc32(bytes) === entry.crc32 >>> 0 ? bytes : null;
}
