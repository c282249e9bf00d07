import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import { err, type Result } from '../../../../shared/result.ts';
import { openCsvSource } from './csvSource.ts';
import { projectFolderOf } from '../../project/projectFile.ts';
import { openFolderSource } from './folderSource.ts';
import { openProjectSource } from './projectSource.ts';
import { describeCause, isNodeError } from './readFile.ts';
import type { DatasetSource } from './source.ts';
import { openZipSource } from './zipSource.ts';

const kinds =
  'a folder of class folders, a zip of one, a CSV with the columns path,label[,split], or a Thaw project';

/**
 * Opens labelled images: a folder of class folders (also below train/ val/ test/), a zip of the same, a CSV, or a
 * project (its folder or its project.thaw). Nothing is written. Errors: `input-missing`, `input-unsupported`, `input-empty`, `input-corrupt`, `input-refused`.
 */
export async function openDataset(location: string): Promise<Result<DatasetSource>> {
  const absolute = path.resolve(location);
  try {
    const found = await stat(absolute);
    const project = await projectFolderOf(absolute);
    if (project !== null) return await openProjectSource(project, openPlain);
    if (found.isDirectory()) return await openFolderSource(absolute);
    if (!found.isFile()) return unsupported(location, 'neither a file nor a folder');
    if (found.size === 0)
      return err(
        thawError('input-empty', `${location} is an empty file.`, {
          expected: kinds,
          found: '0 bytes',
          remedy: 'Copy it again from where it came.',
        }),
      );
    const start = await firstBytes(absolute);
    const isZip = start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06');
    if (isZip || /\.zip$/i.test(absolute)) return await openZipSource(absolute);
    if (/\.(csv|tsv)$/i.test(absolute)) return await openCsvSource(absolute);
    const extension = path.extname(absolute);
    return unsupported(location, extension === '' ? 'a file without an extension' : `a ${extension} file`);
  } catch (cause) {
    if (isNodeError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      return err(
        thawError('input-missing', `There is no dataset at ${location}.`, {
          expected: kinds,
          found: 'no such file or folder',
          remedy: 'Check the path.',
        }),
      );
    }
    return err(thawError('input-corrupt', `${location} cannot be read.`, { found: describeCause(cause) }));
  }
}

/** A project's dataset is not a project: what that one decided would be decided twice. */
async function openPlain(location: string): Promise<Result<DatasetSource>> {
  if ((await projectFolderOf(location)) === null) return openDataset(location);
  return err(
    thawError('input-unsupported', `${location} is a project itself.`, {
      expected: 'a folder of class folders, a zip of one, or a CSV',
      remedy: 'Refer to the dataset of that project.',
    }),
  );
}

function unsupported(location: string, found: string): Result<never> {
  return err(
    thawError('input-unsupported', `${location} is not a dataset Thaw can read.`, {
      expected: kinds,
      found,
      remedy: 'Give the path of a dataset.',
    }),
  );
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
