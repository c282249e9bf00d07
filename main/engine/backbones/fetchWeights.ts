import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Architecture } from '../network/index.ts';
import { architectures, findArchitecture, nearest, openArchitecture } from '../network/index.ts';
import { writeError } from '../project/fileErrors.ts';
import type { DownloadOptions } from './download.ts';
import { download, hashFile } from './download.ts';
import type { PublishedWeights } from './published.ts';
import { publishedWeights } from './published.ts';
import { copyIntoStore, storedFile, storedNote, storeFolder, writeNote } from './store.ts';

export type FetchOptions = Pick<DownloadOptions, 'onProgress' | 'signal'> & {
  /** Where to fetch from instead of the publisher: for mirrors, and for tests. */
  readonly host?: string;
};

/**
 * Fetches an architecture's ImageNet weights from where Keras publishes them, unless they are here. They count as here
 * once they are whole, have Keras's checksum where Keras states one, and load onto the architecture.
 * Errors: those of `download` and `loadWeightsOnto`; usage for a name that is not known or without published weights.
 */
export async function fetchWeights(name: string, options: FetchOptions): Promise<Result<Architecture>> {
  const known = architectureCalled(name);
  if (!known.ok) return known;
  const architecture = known.value;
  if ((await storedNote(architecture.name)) !== null) return known;
  const published = publishedWeights.get(architecture.name);
  if (published === undefined)
    return err(
      thawError(
        'usage',
        `Nobody publishes Keras weights for ${architecture.name} where Thaw could fetch them.`,
        {
          remedy: 'If you have a file with its weights: thaw backbones add FILE.',
        },
      ),
    );
  const url = addressOf(published, options.host);
  const file = storedFile(architecture.name);
  try {
    await mkdir(storeFolder(), { recursive: true });
    const done = await download({ ...options, url, file, checksum: published.checksum });
    if (!done.ok) return done;
    const noted = await checkAndNote(architecture, file, url);
    if (!noted.ok) await rm(file, { force: true });
    return noted.ok ? known : noted;
  } catch (cause) {
    return err(writeError(cause, file));
  }
}

/**
 * Takes a file of the user's into the store. Which architecture it is for is told by `name`, else by the file's checksum
 * or name as Keras publishes it.
 * Errors: those of `loadWeightsOnto`; usage when it cannot be told.
 */
export async function addWeights(file: string, name: string | null): Promise<Result<Architecture>> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true)
    return err(
      thawError('input-missing', `There is no file ${file}.`, {
        expected: 'a file of weights, as Keras publishes or saves them',
        remedy: 'Check the path.',
      }),
    );
  const known = name === null ? await recognise(file) : architectureCalled(name);
  if (!known.ok) return known;
  const fits = await openArchitecture(known.value, { weights: file, imageSize: null });
  if (!fits.ok) return fits;
  try {
    await copyIntoStore(file, known.value.name);
    const noted = await note(known.value.name, storedFile(known.value.name), path.resolve(file));
    return noted.ok ? known : noted;
  } catch (cause) {
    return err(writeError(cause, storedFile(known.value.name)));
  }
}

async function checkAndNote(architecture: Architecture, file: string, from: string): Promise<Result<void>> {
  const fits = await openArchitecture(architecture, { weights: file, imageSize: null });
  return fits.ok ? note(architecture.name, file, from) : fits;
}

async function note(name: string, file: string, from: string): Promise<Result<void>> {
  const { size: bytes } = await stat(file);
  await writeNote(name, { from, bytes, sha256: await hashFile(file, 'sha256') });
  return ok(undefined);
}

function addressOf({ path: place }: PublishedWeights, host = 'https://storage.googleapis.com'): string {
  return `${host}/${place}`;
}

export function architectureCalled(name: string): Result<Architecture> {
  const architecture = findArchitecture(name);
  if (architecture !== undefined) return ok(architecture);
  const near = nearest(name, [...architectures.keys()]);
  return err(
    thawError('usage', `There is no architecture called "${name}".`, {
      expected: [...architectures.keys()].join(', '),
      remedy: near === null ? '`thaw backbones` lists them.' : `Did you mean "${near}"?`,
    }),
  );
}

async function recognise(file: string): Promise<Result<Architecture>> {
  const md5 = await hashFile(file, 'md5');
  const sha256 = await hashFile(file, 'sha256');
  const base = path.basename(file);
  const isIt = ({ path: place, checksum }: PublishedWeights): boolean =>
    checksum === null
      ? path.posix.basename(place) === base
      : checksum.hex === (checksum.algorithm === 'md5' ? md5 : sha256);
  const byContent = [...publishedWeights].find(([, published]) => isIt(published));
  const byName = [...publishedWeights].find(([, published]) => path.posix.basename(published.path) === base);
  const found = byContent ?? byName;
  if (found !== undefined) return architectureCalled(found[0]);
  return err(
    thawError('usage', `Which architecture the weights in ${base} are for cannot be told.`, {
      expected: 'a file as Keras publishes it, or the name of its architecture',
      remedy: 'Name it: thaw backbones add FILE --as NAME.',
    }),
  );
}
