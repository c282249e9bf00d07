import { mkdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';

/** What a small JSON file holds; null when it is missing or not what it should be. */
export async function readStored<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch {
    // Not there yet, or not JSON any more: a convenience that starts afresh.
    return null;
  }
}

/** Replaces the file as a whole; says on the terminal when that is not possible. */
export async function store(file: string, value: unknown): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify(value)}\n`);
  } catch (cause) {
    complain(file, cause);
  }
}

/** The same before it returns: for what closes, after which nothing that waits is sure to be done. */
export function storeNow(file: string, value: unknown): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileAtomic.sync(file, `${JSON.stringify(value)}\n`);
  } catch (cause) {
    complain(file, cause);
  }
}

function complain(file: string, cause: unknown): void {
  process.stderr.write(`${file} could not be written: ${String(cause)}\n`);
}
