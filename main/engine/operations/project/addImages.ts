import { constants } from 'node:fs';
import { copyFile, mkdir, open as openFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { objection } from '../../../../shared/domain/project/decisions.ts';
import { addedPrefix } from '../../../../shared/domain/project/project.ts';
import type { addedImagesSchema } from '../../../../shared/ipc/project/results.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { sniff } from '../../dataset/decode/formats/format.ts';
import { extensionOf } from '../../../../shared/domain/imageNames.ts';
import { isHidden } from '../../dataset/source/names.ts';
import { describeCause } from '../../dataset/source/readFile.ts';
import { maxFileBytes } from '../../dataset/source/source.ts';
import type { JobContext } from '../../jobs/context.ts';
import { writeError } from '../../project/fileErrors.ts';
import { projectFolderOf, projectPaths, readProject, writeProject } from '../../project/projectFile.ts';
import { inTurn } from './change.ts';
import { fileNameOf } from './open.ts';
import { viewOf } from './view.ts';

export type AddedImages = z.output<typeof addedImagesSchema>;

/** Most files that are added at once. */
const mostFiles = 200_000;

/**
 * Copies images into a project's class as one decision. Files that are no images are refused by name and the rest
 * added; when it is cancelled or fails, what was copied is deleted again.
 * Errors: usage for a bad class name, input-missing, input-empty when no image is among the files, disk-full, cancelled.
 */
export async function addImages(
  location: string,
  label: string,
  files: readonly string[],
  context: JobContext,
): Promise<Result<AddedImages>> {
  const folder = (await projectFolderOf(location)) ?? location;
  const known = await readProject(folder);
  if (!known.ok) return known;
  const reason = objection({ type: 'add', label, images: files }, new Set());
  if (reason !== null) return err(thawError('usage', reason));
  const found = await filesBelow(files);
  if (!found.ok) return found;
  const copied: string[] = [];
  const refused: { file: string; found: string }[] = [];
  const className = fileNameOf(label);
  const { images } = projectPaths(folder);
  const undo = async (): Promise<void> => {
    await Promise.all(copied.map((name) => rm(path.join(images, className, name), { force: true })));
  };
  try {
    await mkdir(path.join(images, className), { recursive: true });
    const taken = new Set(await readdir(path.join(images, className)));
    for (const [index, file] of found.value.entries()) {
      await context.gate();
      if (context.signal.aborted) {
        await undo();
        return err(thawError('cancelled', 'Adding images was cancelled; none was added.'));
      }
      const problem = await problemOf(file);
      if (problem === null) {
        const name = freeName(path.basename(file), taken);
        copied.push(name);
        await copyFile(file, path.join(images, className, name), constants.COPYFILE_EXCL);
      } else refused.push({ file, found: problem });
      context.emit({ type: 'progress', what: 'adding images', done: index + 1, total: found.value.length });
    }
  } catch (cause) {
    await undo();
    return err(writeError(cause, path.join(images, className)));
  }
  if (copied.length === 0) return err(nothingToAdd(refused));
  const added = copied.map((name) => `${addedPrefix}${className}/${name}`);
  return inTurn(folder, async () => {
    const project = await readProject(folder);
    if (!project.ok) return project;
    const decision = { type: 'add' as const, images: added, label };
    const changed = { ...project.value, decisions: [...project.value.decisions, decision], undone: [] };
    const written = await writeProject(folder, changed);
    if (!written.ok) return written;
    return ok({ project: await viewOf(folder, changed), added, refused });
  });
}

function nothingToAdd(refused: readonly { file: string; found: string }[]): ReturnType<typeof thawError> {
  const [first] = refused;
  return thawError('input-empty', 'None of these files is an image Thaw can use.', {
    expected: 'JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP',
    ...(first && { found: `${path.basename(first.file)}: ${first.found}` }),
  });
}

async function filesBelow(places: readonly string[]): Promise<Result<string[]>> {
  const files: string[] = [];
  for (const place of places) {
    const found = await stat(place).catch(() => null);
    if (found === null) return err(thawError('input-missing', `There is no file ${place}.`));
    if (!found.isDirectory()) files.push(path.resolve(place));
    else {
      const entries = await readdir(place, { recursive: true, withFileTypes: true });
      for (const entry of entries)
        if (entry.isFile() && !isHidden(entry.name)) files.push(path.join(entry.parentPath, entry.name));
    }
    if (files.length > mostFiles)
      return err(
        thawError('input-refused', `These are more than ${mostFiles} files.`, {
          remedy: 'Make a dataset of them and open that.',
        }),
      );
  }
  return ok(files);
}

/** Why a file cannot be added, by its first bytes; null: it can. */
async function problemOf(file: string): Promise<string | null> {
  try {
    const handle = await openFile(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile()) return 'no file';
      if (found.size === 0) return 'it is empty';
      if (found.size > maxFileBytes) return `it has ${found.size} bytes; at most ${maxFileBytes}`;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
      const content = sniff(buffer.subarray(0, bytesRead), extensionOf(file));
      if (content.type === 'image') return null;
      return content.type === 'unsupported' ? `${content.name} is not decoded` : 'not an image';
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return describeCause(cause);
  }
}

function freeName(name: string, taken: Set<string>): string {
  const extension = path.extname(name);
  const stem = fileNameOf(path.basename(name, extension));
  const plain = extension.replace(/[^.\w]/g, '');
  let free = `${stem}${plain}`;
  for (let number = 2; taken.has(free); number += 1) free = `${stem}-${number}${plain}`;
  taken.add(free);
  return free;
}
