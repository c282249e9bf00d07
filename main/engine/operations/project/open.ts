import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProjectView } from '../../../../shared/ipc/project/project.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { openDataset } from '../../dataset/index.ts';
import { createProject, findDataset, projectFolderOf, readProject } from '../../project/projectFile.ts';
import { viewOf } from './view.ts';

/**
 * Makes a project of datasets, which are opened to see that they are some.
 * Errors: those of opening a dataset, output-exists, output-unwritable, disk-full.
 */
export async function create(
  datasets: readonly string[],
  out: string,
  name: string | null,
): Promise<Result<ProjectView>> {
  const folder = path.resolve(out);
  const names: string[] = [];
  for (const location of datasets) {
    const source = await openDataset(location);
    if (!source.ok) return source;
    await source.value.close();
    if (source.value.kind === 'project')
      return err(
        thawError('input-unsupported', `${location} is a project already.`, {
          expected: 'a folder of class folders, a zip of one, or a CSV',
          remedy: 'Use it as it is.',
        }),
      );
    names.push(source.value.name);
  }
  const project = await createProject(folder, name ?? names[0] ?? path.basename(folder), datasets);
  return project.ok ? ok(await viewOf(folder, project.value)) : project;
}

/**
 * Opens a project, or the one a dataset has below `home`, made if there is none.
 * Errors: those of its file, of the dataset, and of making it.
 */
export async function open(location: string, home: string | null): Promise<Result<ProjectView>> {
  const folder = await projectFolderOf(location);
  if (folder !== null || home === null) {
    const place = folder ?? path.resolve(location);
    const project = await readProject(place);
    return project.ok ? ok(await viewOf(place, project.value)) : project;
  }
  const source = await openDataset(location);
  if (!source.ok) return source;
  await source.value.close();
  const known = await projectOf(source.value.location, home);
  if (known !== null) return open(known, null);
  return create([source.value.location], await freeFolder(home, source.value.name), null);
}

/** The project below `home` whose only dataset this is; null if there is none. */
async function projectOf(dataset: string, home: string): Promise<string | null> {
  for (const name of await names(home)) {
    const folder = path.join(home, name);
    const project = await readProject(folder);
    if (!project.ok || project.value.datasets.length !== 1) continue;
    const [only] = project.value.datasets;
    if (only !== undefined && (await findDataset(folder, only)) === dataset) return folder;
  }
  return null;
}

async function freeFolder(home: string, name: string): Promise<string> {
  const taken = new Set(await names(home));
  const plain = fileNameOf(name);
  let free = plain;
  for (let number = 2; taken.has(free); number += 1) free = `${plain}-${number}`;
  return path.join(home, free);
}

async function names(folder: string): Promise<string[]> {
  // Nothing there yet is nothing to find; a folder that may not be read says so when the project is made.
  return readdir(folder).catch(() => []);
}

/** A name that every file system takes, and that still says what it was. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replace(/^[. -]+|[. -]+$/g, '');
  const short = [...plain].slice(0, 60).join('');
  return short === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(short) ? `class-${short}` : short;
}
