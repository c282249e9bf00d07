import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip archive in memory, its entries stored or packed in the order given. */
export function zipBytes(
  entries: readonly { readonly name: string; readonly data: Uint8Array | string }[],
  options: { readonly compress: boolean },
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, data } of entries)
    zip.addBuffer(Buffer.from(data), name, { compress: options.compress, mtime: new Date(1980, 0, 1) });
  zip.end();
  return buffer(zip.outputStream);
}
