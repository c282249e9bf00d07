import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { OpenDialogOptions } from 'electron';
import { dialog, shell } from 'electron';
import type { Choice } from '../../shared/ipc/studio/host.ts';
import { thawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { texts } from './texts.ts';
import type { WindowHolder } from './window/windowHolder.ts';

const all = { name: texts.filters.all, extensions: ['*'] };
const images = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff', 'bmp'];

const options: Record<Choice, OpenDialogOptions> = {
  'dataset-folder': { properties: ['openDirectory'] },
  'dataset-file': {
    properties: ['openFile'],
    filters: [{ name: texts.filters.datasets, extensions: ['zip', 'csv', 'thaw'] }, all],
  },
  model: {
    properties: ['openFile'],
    filters: [{ name: texts.filters.models, extensions: ['json', 'keras', 'h5', 'hdf5', 'pb'] }, all],
  },
  images: {
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: texts.filters.images, extensions: images }, all],
  },
  'save-folder': { properties: ['openDirectory', 'createDirectory'] },
};

/** Opens the system's dialog over the window and gives the chosen paths, none when it was dismissed. */
export async function choose(window: WindowHolder, choice: Choice): Promise<Result<readonly string[]>> {
  const all = { title: texts.dialogs[choice], ...options[choice] };
  const { current } = window;
  const chosen = await (current === null ? dialog.showOpenDialog(all) : dialog.showOpenDialog(current, all));
  return ok(chosen.canceled ? [] : chosen.filePaths);
}

/** Shows a file or folder in the system's file manager. */
export async function reveal(file: string): Promise<Result<void>> {
  const isThere = path.isAbsolute(file) && (await stat(file).catch(() => null)) !== null;
  if (!isThere)
    return err(
      thawError('input-missing', `${file} cannot be shown: it is not there.`, {
        expected: 'a file or folder on this machine',
        remedy: 'It may have been moved or deleted since.',
      }),
    );
  shell.showItemInFolder(path.normalize(file));
  return ok(undefined);
}
