import { mkdir, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { orderedMap } from '../decode/pool/orderedMap.ts';
import type { Examination } from '../decode/examine/examine.ts';
import { examiner } from '../decode/examine/version.ts';
import { describeCause } from '../source/readFile.ts';
import type { FileState } from '../source/fileState.ts';
import type { DatasetSource } from '../source/source.ts';
import { memoryFileOf, readRows, versionOf, writeRows, type Header } from './memoryFile.ts';
import { memoryBudgetBytes, memoryRoot, pruneMemories } from './memoryStore.ts';
import { examinationOf, fromRow, fuller, isLasting, rememberedFinding, toRow } from './remembered.ts';
import type { Remembered, Row } from './remembered.ts';

export interface MemoryOptions {
  /** Where memories are kept; the user's cache when not told. */
  readonly root?: string;
  /** What all memories together may take. */
  readonly budgetBytes?: number;
  /**
   * A file that had changed less than so many milliseconds before it was looked at is looked at again the next time:
   * another change within a tick of the file system's clock would leave its times as they are. FAT counts in two seconds.
   */
  readonly granularity?: number;
}

const defaultGranularity = 3_000;

/** What is known of one folder's or archive's files. */
interface Place {
  readonly header: Pick<Header, 'examiner' | 'place'>;
  readonly file: string;
  readonly known: Map<string, Remembered>;
  /** Files that this scan saw. */
  readonly seen: Set<string>;
  /** The file that was read. */
  version: string | null;
  isChanged: boolean;
}

/**
 * What earlier scans found in files that have not changed since, so that they are not read and decoded again: for each
 * folder or archive a file in the user's cache. Nothing depends on it: what is missing, damaged or lost to another
 * process that wrote at the same time is found by examining again.
 */
export class ScanMemory {
  readonly #root: string;
  readonly #budgetBytes: number;
  readonly #granularity: number;
  readonly #notice: (message: string) => void;
  readonly #places = new Map<string, Promise<Place>>();

  /** @param notice is told in a sentence what went wrong with the memory itself. */
  constructor(options: MemoryOptions, notice: (message: string) => void) {
    this.#root = options.root ?? memoryRoot();
    this.#budgetBytes = options.budgetBytes ?? memoryBudgetBytes;
    this.#granularity = options.granularity ?? defaultGranularity;
    this.#notice = notice;
  }

  /** What examining a file in this state gave; null when it was not, or not for a perceptual hash that is wanted. */
  async recall(state: FileState, perceptual: boolean): Promise<Examination | null> {
    const { known, seen } = await this.#place(state.place);
    seen.add(state.inside);
    const before = known.get(state.inside);
    return before?.stamp === state.stamp ? examinationOf(before.found, perceptual) : null;
  }

  /** @param state the file's before it was read. @param perceptual whether its perceptual hash was looked for. */
  async remember(state: FileState, examination: Examination, perceptual: boolean): Promise<void> {
    const place = await this.#place(state.place);
    const { inside, stamp, age } = state;
    const before = place.known.get(inside);
    if (age < this.#granularity || !isLasting(examination)) {
      if (place.known.delete(inside)) place.isChanged = true;
      return;
    }
    const fresh = rememberedFinding(examination, perceptual);
    const found = before?.stamp === stamp ? fuller(fresh, before.found) : fresh;
    place.known.set(inside, { stamp, found });
    place.isChanged = true;
  }

  /**
   * Brings to disk what is new. Files this scan did not see stay remembered while they are there: a CSV or a project
   * names a part of a folder only. A disk's error is told, not thrown.
   * @param isWhole whether the scan came to its end.
   */
  async save(isWhole: boolean): Promise<void> {
    for (const opened of this.#places.values()) {
      const place = await opened;
      try {
        if (place.isChanged) await this.#write(place, isWhole);
        else if (place.version !== null) await touch(place.file);
      } catch (cause) {
        this.#notice(
          `What was seen of ${place.header.place} could not be kept for the next time: ${describeCause(cause)}.`,
        );
      }
    }
  }

  #place(place: string): Promise<Place> {
    let opened = this.#places.get(place);
    if (opened === undefined) {
      opened = this.#read({ examiner: examiner(), place });
      this.#places.set(place, opened);
    }
    return opened;
  }

  async #read(header: Place['header']): Promise<Place> {
    const file = memoryFileOf(this.#root, header.place);
    const version = await versionOf(file);
    const known = await this.#rowsOf(file, header);
    return { header, file, known, seen: new Set(), version, isChanged: false };
  }

  async #rowsOf(file: string, header: Place['header']): Promise<Map<string, Remembered>> {
    const rows = await readRows(file, header);
    const known = new Map<string, Remembered>();
    if (rows === null) return known;
    if (rows !== 'damaged') {
      for (const row of rows) {
        const read = fromRow(row);
        if (read !== null) known.set(...read);
      }
      if (known.size === rows.length) return known;
    }
    this.#notice(`What was remembered of ${header.place} is damaged; its files are looked at again.`);
    return new Map();
  }

  async #write(place: Place, isWhole: boolean): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    if ((await versionOf(place.file)) !== place.version) await this.#takeIn(place);
    await writeRows(place.file, place.header, await rowsToKeep(place, isWhole), this.#budgetBytes);
    place.version = await versionOf(place.file);
    place.isChanged = false;
    await pruneMemories(this.#root, place.file, this.#budgetBytes);
  }

  /** Takes in what another process wrote since. */
  async #takeIn({ file, header, known, seen }: Place): Promise<void> {
    for (const [inside, other] of await this.#rowsOf(file, header)) {
      const own = known.get(inside);
      if (own?.stamp === other.stamp) known.set(inside, { ...own, found: fuller(own.found, other.found) });
      else if (!seen.has(inside)) known.set(inside, other);
    }
  }
}

const lookAhead = 64;

/** How many of a source's files the next scan would examine, as nothing is remembered of them as they are. */
export async function countUnremembered(
  source: DatasetSource,
  paths: readonly string[],
  options: MemoryOptions = {},
): Promise<number> {
  // What is wrong with the memory is said by the scan that makes it again.
  const memory = new ScanMemory(options, () => undefined);
  const isUnknown = async (path: string): Promise<boolean> => {
    const state = (await source.stateOf?.(path)) ?? null;
    return state === null || (await memory.recall(state, false)) === null;
  };
  let count = 0;
  for await (const unknown of orderedMap(paths, lookAhead, isUnknown)) if (unknown) count += 1;
  return count;
}

/** What this scan saw before the rest, which may not all fit. */
async function rowsToKeep({ header, known, seen }: Place, isWhole: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const rest: [string, Remembered][] = [];
  for (const [inside, one] of known)
    if (seen.has(inside)) rows.push(toRow(inside, one));
    else rest.push([inside, one]);
  const isThere = async ([inside]: [string, Remembered]) =>
    !isWhole || (await stat(path.join(header.place, inside)).catch(() => null)) !== null;
  let index = 0;
  for await (const stays of orderedMap(rest, lookAhead, isThere)) {
    const one = rest[index++];
    if (stays && one !== undefined) rows.push(toRow(...one));
  }
  return rows;
}

/** Counts as used now; a memory dropped meanwhile is written when there is something new. */
async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  });
}
