import { mkdir, readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { writeError } from '../../project/fileErrors.ts';

/** A folder that is filled out of sight and appears whole. */
export interface ExportPlace {
  /** Where to write: beside the target, on the same disk. */
  readonly partial: string;
  /** Puts the finished folder in place. */
  finish(): Promise<void>;
  /** Keeps the files under a name that says they failed; returns it. */
  setAside(): Promise<string>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/**
 * Prepares a place for an export. With `force` it may replace an earlier export of Thaw, and nothing else.
 * Errors: output-exists, output-unwritable, disk-full.
 */
export async function openPlace(directory: string, force: boolean): Promise<Result<ExportPlace>> {
  const there = await whatIsAt(directory);
  if (there === 'export' && !force)
    return err(
      thawError('output-exists', `${directory} holds an export already.`, {
        expected: 'a new or empty folder',
        found: 'an earlier export',
        remedy: 'Choose another folder with --out, or replace it with --force.',
      }),
    );
  if (there === 'other')
    return err(
      thawError('output-exists', `${directory} is already there and is not an export of Thaw.`, {
        expected: force ? 'a new or empty folder, or an earlier export to replace' : 'a new or empty folder',
        remedy: 'Choose another folder with --out.',
      }),
    );
  const beside = (what: string): string =>
    path.join(path.dirname(directory), `.${path.basename(directory)}.thaw-${what}`);
  const partial = beside('partial');
  const replaced = beside('replaced');
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
  } catch (cause) {
    return err(writeError(cause, directory));
  }
  return ok({
    partial,
    async finish() {
      if (there === 'empty') await rmdir(directory);
      if (there === 'export') {
        await rm(replaced, { recursive: true, force: true });
        await rename(directory, replaced);
      }
      await rename(partial, directory);
      await rm(replaced, { recursive: true, force: true });
    },
    async setAside() {
      const aside = `${directory}.not-verified`;
      await rm(aside, { recursive: true, force: true });
      await rename(partial, aside);
      return aside;
    },
    abandon: () => rm(partial, { recursive: true, force: true }),
  });
}

async function whatIsAt(directory: string): Promise<'nothing' | 'empty' | 'export' | 'other'> {
  const found = await stat(directory).catch(() => null);
  if (found === null) return 'nothing';
  if (!found.isDirectory()) return 'other';
  if ((await readdir(directory)).length === 0) return 'empty';
  const text = await readFile(path.join(directory, 'thaw.json'), 'utf8').catch(() => '');
  return text.includes('"thaw-export"') ? 'export' : 'other';
}
