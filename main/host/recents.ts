import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Recent } from '../../shared/ipc/studio/host.ts';
import { recentSchema } from '../../shared/ipc/studio/host.ts';
import { thawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';

const most = 20;
const storedSchema = z.object({ recents: z.array(recentSchema) });

/** What was opened lately, newest first, in a small JSON file that is replaced as a whole. */
export class Recents {
  readonly #file: string;
  #recents: readonly Recent[];
  #writing: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  private constructor(file: string, recents: readonly Recent[]) {
    this.#file = file;
    this.#recents = recents;
  }

  /** Reads the list; a missing file, or one that is not ours any more, is an empty list. */
  static async open(file: string): Promise<Recents> {
    const text = await readFile(file, 'utf8').catch(() => '');
    return new Recents(file, parse(text));
  }

  list(): readonly Recent[] {
    return this.#recents;
  }

  /** Puts one first; what it replaces is the same path. Errors: output-unwritable; the list holds it all the same. */
  add(recent: Omit<Recent, 'opened'>): Promise<Result<readonly Recent[]>> {
    const rest = this.#recents.filter((other) => other.path !== recent.path);
    return this.#keep([{ ...recent, opened: new Date().toISOString() }, ...rest].slice(0, most));
  }

  forget(forgotten: string): Promise<Result<readonly Recent[]>> {
    return this.#keep(this.#recents.filter((other) => other.path !== forgotten));
  }

  clear(): Promise<Result<readonly Recent[]>> {
    return this.#keep([]);
  }

  /** Calls `listener` after each change of the list. */
  subscribe(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async #keep(recents: readonly Recent[]): Promise<Result<readonly Recent[]>> {
    this.#recents = recents;
    for (const listener of this.#listeners) listener();
    // One write at a time, so that the last change is the one on disk.
    const before = this.#writing;
    const writing = before.then(() => this.#write(recents));
    this.#writing = writing;
    return writing;
  }

  async #write(recents: readonly Recent[]): Promise<Result<readonly Recent[]>> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await writeFileAtomic(this.#file, `${JSON.stringify({ recents }, null, 2)}\n`);
      return ok(recents);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      return err(
        thawError('output-unwritable', 'The list of recently opened things could not be kept.', { found }),
      );
    }
  }
}

function parse(text: string): readonly Recent[] {
  try {
    return storedSchema.safeParse(JSON.parse(text)).data?.recents ?? [];
  } catch {
    // Not JSON: a list of conveniences is not worth an error.
    return [];
  }
}
