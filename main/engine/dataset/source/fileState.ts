import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { confine } from './confine.ts';

/** The state a file was in before it was read: while it stays in it, so does its content. */
export interface FileState {
  /** The folder or archive that holds the file, an absolute path. */
  readonly place: string;
  /** Where in it. */
  readonly inside: string;
  /** Another one for every state: size, times of modification and of change in nanoseconds, and inode. */
  readonly stamp: string;
  /** Milliseconds from the last change to the look at it. In the first of them another change may leave no trace. */
  readonly age: number;
}

/** How long ago a modification may lie in the future and still be a clock that is ahead, not a date that was set. */
const clocksDiffer = 60_000;

/** The state of a regular file in a folder, links followed; null for what is none or cannot be looked at. */
export async function stateBelow(folder: string, inside: string): Promise<FileState | null> {
  const file = confine(folder, inside);
  const state = file.ok ? await stateOf(file.value) : null;
  return state === null ? null : { place: folder, inside, ...state };
}

/** The same of a file by itself. */
export async function stateOf(file: string): Promise<Pick<FileState, 'stamp' | 'age'> | null> {
  const now = Date.now();
  const found = await stat(file, { bigint: true }).catch(() => null);
  if (found?.isFile() !== true) return null;
  return { stamp: stampOf(found), age: ageOf(found, now) };
}

function stampOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino].map((part) => part.toString(36)).join('-');
}

/** A user can date a modification into the far future, not the change of the file's record. */
function ageOf({ mtimeMs, ctimeMs }: BigIntStats, now: number): number {
  const changed = now - Number(ctimeMs);
  const modified = now - Number(mtimeMs);
  return modified < -clocksDiffer ? changed : Math.min(changed, modified);
}
