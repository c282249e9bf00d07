import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Overlay } from '../../../../shared/domain/project/decisions.ts';
import { overlayOf } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix, projectPath } from '../../../../shared/domain/project/project.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { ProjectFile } from '../../../../shared/ipc/project/project.ts';
import { findDataset, projectPaths, readProject } from '../../project/projectFile.ts';
import { confine } from './confine.ts';
import { isGivenClass, overlayEntry } from './overlayEntry.ts';
import { stateBelow } from './fileState.ts';
import { isNodeError, readWholeFile } from './readFile.ts';
import type { DatasetSource, SourceEntry } from './source.ts';

/** A project's images: those of its datasets and its own, as the user's decisions have them. */
export interface ProjectSource extends DatasetSource {
  readonly kind: 'project';
  readonly overlay: Overlay;
  /** Everything there is, before any decision; copied images under the class they were added to. */
  listUndecided(signal: AbortSignal): AsyncIterable<SourceEntry>;
  /** Of all that only what was copied into the project. */
  listAdded(signal: AbortSignal): AsyncIterable<SourceEntry>;
  /**
   * The project with its file read anew, over the same opened datasets, which it takes over: listing the folders of a
   * large one again would take longer than everything else a decision asks for. Null when a dataset lies elsewhere now.
   */
  again(): Promise<Result<ProjectSource | null>>;
}

/** One of its datasets, opened. */
interface Base {
  readonly key: string;
  /** Where it was found. */
  readonly location: string;
  readonly source: DatasetSource;
}

/**
 * Opens a project as a dataset. Its paths are those of the first dataset, `key/` and those of a further one, and
 * `@added/` and those below the project's `images` folder.
 * Errors: those of its file and of its datasets; input-missing for a dataset that was moved.
 */
export async function openProjectSource(
  folder: string,
  open: (location: string) => Promise<Result<DatasetSource>>,
): Promise<Result<ProjectSource>> {
  const project = await readProject(folder);
  if (!project.ok) return project;
  const bases = await openBases(folder, project.value, open);
  return bases.ok ? ok(sourceOver(folder, project.value, bases.value)) : bases;
}

/** A project as its file is, over its opened datasets. */
function sourceOver(folder: string, project: ProjectFile, opened: readonly Base[]): ProjectSource {
  /** Whether another source reads and closes the datasets now. */
  let isTakenOver = false;
  const overlay = overlayOf(project.decisions);
  const added = addedImages(project);
  const { images } = projectPaths(folder);
  const locate = (at: string): { base: Base; inside: string } | { own: string } => {
    if (at.startsWith(addedPrefix)) return { own: at.slice(addedPrefix.length) };
    const base = opened.find(({ key }) => key !== '' && at.startsWith(`${key}/`)) ?? opened[0];
    if (base === undefined) return { own: at };
    return { base, inside: base.key === '' ? at : at.slice(base.key.length + 1) };
  };
  const hasFiles = opened.every(({ source }) => source.fileOf !== undefined);
  const fileOf = (at: string): Result<string> => {
    const place = locate(at);
    if ('own' in place) return confine(images, place.own);
    return place.base.source.fileOf?.(place.inside) ?? err(thawError('internal', `${at} is in an archive.`));
  };
  const listAdded = (signal: AbortSignal) => listOwn(images, added, signal);
  async function* listUndecided(signal: AbortSignal): AsyncGenerator<SourceEntry> {
    for (const { key, source } of opened)
      for await (const entry of source.list(signal)) yield below(key, entry);
    yield* listAdded(signal);
  }
  return {
    kind: 'project',
    location: folder,
    name: project.name,
    overlay,
    listUndecided,
    listAdded,
    async again() {
      const file = await readProject(folder);
      if (!file.ok) return file;
      if (!(await isOver(folder, file.value, opened))) return ok(null);
      isTakenOver = true;
      return ok(sourceOver(folder, file.value, opened));
    },
    list: (signal) => decided(overlay, listUndecided(signal)),
    read: (at) => {
      const place = locate(at);
      if ('base' in place) return place.base.source.read(place.inside);
      const file = confine(images, place.own);
      return Promise.resolve(file.ok ? readWholeFile(file.value) : file);
    },
    stateOf: async (at) => {
      const place = locate(at);
      if ('own' in place) return stateBelow(images, place.own);
      return (await place.base.source.stateOf?.(place.inside)) ?? null;
    },
    // A worker reads a file by itself only where all of them are files.
    ...(hasFiles && { fileOf }),
    close: async () => {
      if (!isTakenOver) await Promise.all(opened.map(({ source }) => source.close()));
    },
  };
}

/** Whether these are the datasets that a project refers to, where it finds them now. */
async function isOver(folder: string, { datasets }: ProjectFile, opened: readonly Base[]): Promise<boolean> {
  const places = await Promise.all(
    datasets.map(async (dataset) => [dataset.key, await findDataset(folder, dataset)]),
  );
  const are = opened.map(({ key, location }) => [key, location]);
  return JSON.stringify(places) === JSON.stringify(are);
}

async function openBases(
  folder: string,
  project: ProjectFile,
  open: (location: string) => Promise<Result<DatasetSource>>,
): Promise<Result<Base[]>> {
  const bases: Base[] = [];
  for (const dataset of project.datasets) {
    const location = await findDataset(folder, dataset);
    const source = await (location === null ? err(moved(project.name, dataset.location)) : open(location));
    if (!source.ok) {
      await Promise.all(bases.map((base) => base.source.close()));
      return source;
    }
    bases.push({ key: dataset.key, location: location ?? dataset.location, source: source.value });
  }
  return ok(bases);
}

function moved(name: string, location: string): ReturnType<typeof thawError> {
  return thawError('input-missing', `The images of the project ${name} are no longer at ${location}.`, {
    expected: 'the folder, zip or CSV the project was made from',
    found: 'no such file or folder',
    remedy: 'Move it back, or tell the project where it is now: `thaw project relocate`.',
  });
}

/** Images copied into the project, also by decisions that were undone: their files are still there. */
function addedImages({ decisions, undone }: ProjectFile): ReadonlyMap<string, string> {
  return overlayOf([...undone, ...decisions]).added;
}

async function* listOwn(
  images: string,
  added: ReadonlyMap<string, string>,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  const onDisk = await namesBelow(images);
  for (const [at, label] of added) {
    signal.throwIfAborted();
    // What is not there any more was deleted by hand; the decision that added it has nothing left to say.
    if (onDisk.has(at.slice(addedPrefix.length))) yield { type: 'file', path: at, label, split: null };
  }
}

function below(key: string, entry: SourceEntry): SourceEntry {
  if (key === '') return entry;
  if (entry.type !== 'finding') return { ...entry, path: projectPath(key, entry.path) };
  const { finding } = entry;
  return { type: 'finding', finding: { ...finding, paths: finding.paths.map((at) => projectPath(key, at)) } };
}

async function namesBelow(folder: string): Promise<ReadonlySet<string>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return new Set(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
        ),
    );
  } catch (cause) {
    if (isNodeError(cause) && cause.code === 'ENOENT') return new Set();
    throw cause;
  }
}

async function* decided(overlay: Overlay, entries: AsyncIterable<SourceEntry>): AsyncGenerator<SourceEntry> {
  for (const label of overlay.created) yield { type: 'class', label, path: label };
  const files = new Set<string>();
  const given: Extract<SourceEntry, { type: 'finding' }>[] = [];
  for await (const entry of entries) {
    if (entry.type === 'finding' && isGivenClass(overlay, entry.finding)) {
      given.push(entry);
      continue;
    }
    if (entry.type === 'file' && overlay.images.has(entry.path)) files.add(entry.path);
    const now = overlayEntry(overlay, entry);
    if (now === null) continue;
    // An image added and undone is no longer the project's, and nothing to speak of.
    if (entry.type === 'file' && entry.path.startsWith(addedPrefix) && !overlay.added.has(entry.path))
      continue;
    yield now;
  }
  // A CSV may name a file in one row without a class, and in another with one.
  for (const entry of given) {
    const now = files.has(entry.finding.paths[0] ?? '') ? null : overlayEntry(overlay, entry);
    if (now !== null) yield now;
  }
}
