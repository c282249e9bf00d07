import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { defaultSplit } from '../../../shared/domain/project/project.ts';
import type { ProjectFile } from '../../../shared/ipc/project/project.ts';
import { projectFileSchema } from '../../../shared/ipc/project/project.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { writeError } from './fileErrors.ts';

const fileName = 'project.thaw';

/** Where things are in a project's folder. */
export const projectPaths = (folder: string) => ({
  file: path.join(folder, fileName),
  /** Images that were copied into it, a folder for each class. */
  images: path.join(folder, 'images'),
  runs: path.join(folder, 'runs'),
});

/**
 * The project's folder, where a location names one: a folder with a project.thaw, or that file itself (of any name
 * ending in `.thaw`, as the system's file dialogs give it); else null.
 */
export async function projectFolderOf(location: string): Promise<string | null> {
  const absolute = path.resolve(location);
  const folder = path.extname(absolute).toLowerCase() === '.thaw' ? path.dirname(absolute) : absolute;
  const found = await stat(path.join(folder, fileName)).catch(() => null);
  return found?.isFile() === true ? folder : null;
}

/** Errors: input-missing for a folder that is no project, input-corrupt. */
export async function readProject(folder: string): Promise<Result<ProjectFile>> {
  const { file } = projectPaths(folder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    return err(
      thawError('input-missing', `${folder} is not a project.`, {
        expected: `a folder with a ${fileName}`,
        remedy: 'Check the path; `thaw project create` makes one.',
        detail: String(cause),
      }),
    );
  }
  try {
    const parsed = projectFileSchema.safeParse(JSON.parse(text));
    if (parsed.success) return ok(parsed.data);
    return err(thawError('input-corrupt', `${file} is damaged.`, { found: z.prettifyError(parsed.error) }));
  } catch (cause) {
    return err(thawError('input-corrupt', `${file} is damaged.`, { found: String(cause) }));
  }
}

/** Replaces the project's file as a whole: a process killed meanwhile leaves the old one. */
export async function writeProject(folder: string, project: ProjectFile): Promise<Result<void>> {
  const { file } = projectPaths(folder);
  try {
    await writeFileAtomic(file, `${JSON.stringify(project, null, 1)}\n`);
    return ok(undefined);
  } catch (cause) {
    return err(writeError(cause, file));
  }
}

/**
 * Makes a project in a new or empty folder. Datasets are referred to, not copied.
 * Errors: output-exists, output-unwritable, disk-full.
 */
export async function createProject(
  folder: string,
  name: string,
  datasets: readonly string[],
): Promise<Result<ProjectFile>> {
  const project: ProjectFile = {
    format: 'thaw-project',
    version: 1,
    name,
    created: new Date().toISOString(),
    datasets: datasets.map((location, index) => ({
      key: index === 0 ? '' : `set-${index + 1}`,
      ...placeOf(folder, location),
    })),
    decisions: [],
    undone: [],
    split: { ...defaultSplit },
    plan: null,
    training: {},
  };
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0)
      return err(
        thawError('output-exists', `${folder} is not empty.`, {
          expected: 'a new or empty folder for the project',
          remedy: 'Choose another folder.',
        }),
      );
  } catch (cause) {
    return err(writeError(cause, folder));
  }
  const written = await writeProject(folder, project);
  return written.ok ? ok(project) : written;
}

/** How a project refers to a dataset: by its absolute place, and by its place beside the project. */
export function placeOf(folder: string, location: string): { location: string; relative: string | null } {
  const absolute = path.resolve(location);
  const relative = path.relative(path.resolve(folder), absolute);
  return {
    location: absolute,
    relative: path.isAbsolute(relative) ? null : relative.split(path.sep).join('/'),
  };
}

/** Where a project's dataset is: where it was, else in the same place beside the project; null when in neither. */
export async function findDataset(
  folder: string,
  { location, relative }: ProjectFile['datasets'][number],
): Promise<string | null> {
  const places = relative === null ? [location] : [location, path.resolve(folder, relative)];
  for (const place of places) {
    const found = await stat(place).catch(() => null);
    if (found !== null) return place;
  }
  return null;
}
