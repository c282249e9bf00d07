import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { isNodeError } from '../source/readFile.ts';
import type { Row } from './remembered.ts';

/** What a place's memory is made of, in its file's first line; the rows follow as one JSON array. */
const headerSchema = z.object({
  /** What examined: another examiner might find something else. */
  examiner: z.string(),
  place: z.string(),
  files: z.number().int().min(0),
  /** Of the rows' text, hex. */
  sha256: z.string(),
});
export type Header = z.infer<typeof headerSchema>;

/** Longer than any header: a path has 4,096 bytes at most. */
const headerBytes = 16_384;
const newline = 0x0a;

/** Where what was seen of a folder or archive is kept. */
export function memoryFileOf(root: string, place: string): string {
  const name = createHash('sha256').update(place).digest('hex').slice(0, 32);
  return path.join(root, `${name}.json`);
}

/** Tells one written file from the next; null without one. */
export async function versionOf(file: string): Promise<string | null> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.ino} ${found.mtimeNs} ${found.size}`;
}

/** All rows of a file; null where there is none, `damaged` where it is not what was written. */
export async function readRows(
  file: string,
  wanted: Pick<Header, 'examiner' | 'place'>,
): Promise<unknown[] | null | 'damaged'> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    return isNodeError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') ? null : 'damaged';
  }
  const end = bytes.indexOf(newline);
  const header = end < 0 ? null : parseHeader(bytes.toString('utf8', 0, end));
  if (header === null) return 'damaged';
  if (header.examiner !== wanted.examiner || header.place !== wanted.place) return null;
  const body = bytes.subarray(end + 1);
  if (sha256(body) !== header.sha256) return 'damaged';
  const rows = JSON.parse(body.toString('utf8')) as unknown;
  return Array.isArray(rows) ? rows : 'damaged';
}

/** The first line of a file; null when it is none of ours. */
export async function readHeader(file: string): Promise<Header | null> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(newline);
    return end < 0 ? null : parseHeader(buffer.toString('utf8', 0, end));
  } finally {
    await handle.close();
  }
}

/** Replaces a file at one stroke with as many of the rows as fit. Rejects with the disk's error. */
export async function writeRows(
  file: string,
  { examiner, place }: Pick<Header, 'examiner' | 'place'>,
  rows: Iterable<Row>,
  mostBytes: number,
): Promise<void> {
  const lines: string[] = [];
  let length = 0;
  for (const row of rows) {
    const line = JSON.stringify(row);
    length += Buffer.byteLength(line) + 2;
    if (length > mostBytes) break;
    lines.push(line);
  }
  const body = Buffer.from(`[${lines.join(',\n')}]\n`);
  const header: Header = { examiner, place, files: lines.length, sha256: sha256(body) };
  await writeFileAtomic(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
}

function parseHeader(line: string): Header | null {
  try {
    const parsed = headerSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: damaged, or something else.
    return null;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
