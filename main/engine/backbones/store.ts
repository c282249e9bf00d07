import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { cacheFolder } from '../runtime/cacheFolder.ts';

/** Where weights are kept for all of a user's projects. */
export function storeFolder(): string {
  return path.join(cacheFolder(), 'backbones');
}

/** Where an architecture's weights are, once they are there. What is in the file counts, not that it ends in .h5. */
export function storedFile(architecture: string): string {
  return path.join(storeFolder(), `${architecture}.h5`);
}

/** What is known about a file in the store. */
const noteSchema = z.object({
  /** The address it was fetched from, or the path of the user's file. */
  from: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
});
export type StoreNote = z.infer<typeof noteSchema>;

/** The note of an architecture's weights if they are here and as long as they were; else null. */
export async function storedNote(architecture: string): Promise<StoreNote | null> {
  const file = storedFile(architecture);
  const found = await stat(file).catch(() => null);
  const text = await readFile(`${file}.json`, 'utf8').catch(() => null);
  if (found?.isFile() !== true || text === null) return null;
  try {
    const note = noteSchema.safeParse(JSON.parse(text));
    return note.success && note.data.bytes === found.size ? note.data : null;
  } catch {
    return null;
  }
}

/** Notes what a file in the store is. Rejects with the disk's error. */
export async function writeNote(architecture: string, note: StoreNote): Promise<void> {
  await writeFileAtomic(`${storedFile(architecture)}.json`, `${JSON.stringify(note, null, 2)}\n`);
}

/** Copies a file of the user's into the store, so that it is there whole or not at all. Rejects with the disk's error. */
export async function copyIntoStore(file: string, architecture: string): Promise<void> {
  const target = storedFile(architecture);
  const partial = `${target}.copy-${process.pid}`;
  await mkdir(storeFolder(), { recursive: true });
  try {
    await copyFile(file, partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}
