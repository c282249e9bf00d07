import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../../../shared/domain/dataset.ts';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { confine } from './confine.ts';
import { entryFor, findLayout, hiddenFinding, place, type Layout } from './layout.ts';
import { isHidden } from './names.ts';
import { describeCause, isNodeError, readWholeFile } from './readFile.ts';
import type { DatasetSource, SourceEntry } from './source.ts';
import { stateBelow } from './fileState.ts';

/** Opens a folder (tests inject unreadable ones), streaming its names. */
export type OpenFolder = (folder: string) => Promise<AsyncIterable<Dirent>>;

const openStreaming: OpenFolder = (folder) => opendir(folder, { bufferSize: 256 });

/**
 * A folder of class folders, optionally below train/ val/ test/. Symbolic links are followed; one that leads back
 * to a folder it lies in is reported and not entered. Errors: `input-empty`, `input-corrupt` (unreadable).
 */
export async function openFolderSource(
  location: string,
  openFolder: OpenFolder = openStreaming,
): Promise<Result<DatasetSource>> {
  const list = async (folder: string) => namesIn(path.join(location, folder), openFolder);
  let layout: Layout;
  try {
    const top = await list('');
    if (top.folders.length + top.files.length === 0) {
      return err(
        thawError('input-empty', `The folder ${location} is empty.`, {
          expected: 'one folder of images per class',
          found: 'no files and no folders',
          remedy: 'Put the images of each class into a folder of its own inside it.',
        }),
      );
    }
    // An unreadable folder below the top is a finding of the listing, not a reason to stop here.
    layout = await findLayout((folder) =>
      folder === '' ? Promise.resolve(top) : list(folder).catch(() => ({ folders: [], files: [] })),
    );
  } catch (cause) {
    return err(
      thawError('input-corrupt', `The folder ${location} cannot be read.`, { found: describeCause(cause) }),
    );
  }
  return ok({
    kind: 'folder',
    location,
    name: path.basename(location),
    list: (signal) => walk({ location, layout, openFolder, signal }),
    read: (datasetPath) => {
      const file = confine(location, datasetPath);
      return Promise.resolve(file.ok ? readWholeFile(file.value) : file);
    },
    fileOf: (datasetPath) => confine(location, datasetPath),
    stateOf: (datasetPath) => stateBelow(location, datasetPath),
    close: () => Promise.resolve(),
  });
}

interface Walk {
  readonly location: string;
  readonly layout: Layout;
  readonly openFolder: OpenFolder;
  readonly signal: AbortSignal;
}

async function* walk(job: Walk): AsyncGenerator<SourceEntry> {
  const ancestors = new Set([await realpath(job.location)]);
  yield* walkFolder(job, '', ancestors);
}

async function* walkFolder(
  job: Walk,
  folder: string,
  ancestors: ReadonlySet<string>,
): AsyncGenerator<SourceEntry> {
  let names: AsyncIterable<Dirent>;
  try {
    names = await job.openFolder(path.join(job.location, folder));
  } catch (cause) {
    yield unreadable(folder === '' ? '.' : folder, describeCause(cause));
    return;
  }
  const folders: { at: string; link: boolean }[] = [];
  for await (const entry of names) {
    job.signal.throwIfAborted();
    const at = `${folder}${entry.name}`;
    if (isHidden(entry.name)) {
      yield { type: 'finding', finding: hiddenFinding(at) };
    } else if (entry.isDirectory()) {
      folders.push({ at: `${at}/`, link: false });
    } else if (entry.isFile()) {
      yield entryFor(at, job.layout);
    } else if (entry.isSymbolicLink()) {
      const kind = await linkTarget(path.join(job.location, at));
      if (kind === 'folder') folders.push({ at: `${at}/`, link: true });
      else if (kind === 'file') yield entryFor(at, job.layout);
      else yield kind === 'loop' ? loopFinding(at) : unreadable(at, kind.problem);
    } else {
      yield unreadable(at, 'a pipe, socket or device, not a file');
    }
  }
  for (const { at, link } of folders) {
    const placement = place(`${at}x`, job.layout);
    if (typeof placement === 'object' && `${placement.classFolder}/` === at) {
      yield { type: 'class', label: placement.label, path: placement.classFolder };
    }
    const real = await realpath(path.join(job.location, at)).catch(() => null);
    if (link && real !== null && [...ancestors].some((one) => one === real)) {
      yield loopFinding(at.slice(0, -1));
      continue;
    }
    yield* walkFolder(job, at, real === null ? ancestors : new Set([...ancestors, real]));
  }
}

async function linkTarget(file: string): Promise<'folder' | 'file' | 'loop' | { problem: string }> {
  try {
    const target = await stat(file);
    if (target.isDirectory()) return 'folder';
    return target.isFile() ? 'file' : { problem: 'a link to a pipe, socket or device' };
  } catch (cause) {
    if (isNodeError(cause) && cause.code === 'ELOOP') return 'loop';
    const gone = isNodeError(cause) && cause.code === 'ENOENT';
    return { problem: gone ? 'a link that leads nowhere' : describeCause(cause) };
  }
}

async function namesIn(
  folder: string,
  openFolder: OpenFolder,
): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [];
  const files: string[] = [];
  for await (const entry of await openFolder(folder)) {
    let isFolder = entry.isDirectory();
    if (entry.isSymbolicLink()) isFolder = (await linkTarget(path.join(folder, entry.name))) === 'folder';
    // A folder may hold 100,000 files; the layout only asks whether there are some.
    if (isFolder) folders.push(entry.name);
    else if (files.length < 1000) files.push(entry.name);
  }
  return { folders, files };
}

function loopFinding(at: string): SourceEntry {
  const finding: Finding = {
    kind: 'symlink-loop',
    severity: 'warning',
    paths: [at],
    message: `${at} is a symbolic link that leads back to a folder around it; it was not followed.`,
    excluded: true,
  };
  return { type: 'finding', finding };
}

function unreadable(at: string, found: string): SourceEntry {
  return {
    type: 'finding',
    finding: {
      kind: 'unreadable',
      severity: 'error',
      paths: [at],
      message: `${at} cannot be read: ${found}.`,
      excluded: true,
    },
  };
}
