import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** For tests: writes an archive of these files, all with the same mode where one is given. Gives its path. */
export async function zipOf(
  archive: string,
  contents: Readonly<Record<string, Uint8Array>>,
  mode?: number,
): Promise<string> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(contents))
    zip.addBuffer(Buffer.from(bytes), name, mode === undefined ? {} : { mode });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(archive));
  return archive;
}
