import path from 'node:path';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { thawError, type ThawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { entryFor, findLayout, place, type Layout, type ListFolder } from './layout.ts';
import { stateOf, type FileState } from './fileState.ts';
import { describeCause } from './readFile.ts';
import { maxFileBytes, type DatasetSource, type SourceEntry } from './source.ts';
import { unpackEntry } from './zipEntry.ts';
import { defaultZipLimits, indexZip, type ZipIndex, type ZipLimits } from './zipIndex.ts';

/**
 * A zip of class folders, read in place: only the table of contents and the entries being read are in memory, and
 * nothing is unpacked to disk. Errors: `input-corrupt`, `input-refused` (see indexZip), `input-empty`.
 */
export async function openZipSource(
  location: string,
  limits: ZipLimits = defaultZipLimits,
): Promise<Result<DatasetSource>> {
  const name = path.basename(location);
  // Before it is opened: what is written into the archive afterwards then changes it.
  const archive = await stateOf(location);
  let zip: ZipFile;
  try {
    zip = await openPromise(location, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
  } catch (cause) {
    return err(
      thawError('input-corrupt', `${name} is not a complete zip archive.`, {
        found: describeCause(cause),
        remedy: 'Copy or download it again.',
      }),
    );
  }
  const index = await indexZip(zip, location, limits);
  if (!index.ok || index.value.entries.size === 0) {
    zip.close();
    return index.ok ? err(emptyArchive(name)) : index;
  }
  const { entries } = index.value;
  const layout = await findLayout(folderLister(entries.keys()));
  return ok({
    kind: 'zip',
    location,
    name: name.replace(/\.zip$/i, ''),
    list: (signal) => listEntries(index.value, layout, signal),
    read: (datasetPath) => readEntry(zip, entries.get(datasetPath), datasetPath, name),
    stateOf: (datasetPath) =>
      Promise.resolve(stateInside({ location, archive }, entries.get(datasetPath), datasetPath)),
    close: () => {
      zip.close();
      return Promise.resolve();
    },
  });
}

async function* listEntries(
  index: ZipIndex,
  layout: Layout,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  const classes = new Set<string>();
  for (const at of index.repeated) {
    yield {
      type: 'finding',
      finding: {
        kind: 'broken',
        severity: 'warning',
        paths: [at],
        message: `The archive names ${at} more than once; the first is used.`,
        excluded: false,
      },
    };
  }
  for (const at of index.entries.keys()) {
    signal.throwIfAborted();
    const placement = place(at, layout);
    if (typeof placement === 'object' && !classes.has(placement.classFolder)) {
      classes.add(placement.classFolder);
      yield { type: 'class', label: placement.label, path: placement.classFolder };
    }
    yield entryFor(at, layout);
  }
}

/** An entry is in a state while its archive is; what tells it from others is what the table of contents says of it. */
function stateInside(
  { location, archive }: { location: string; archive: Awaited<ReturnType<typeof stateOf>> },
  entry: Entry | undefined,
  inside: string,
): FileState | null {
  if (archive === null || entry === undefined) return null;
  const { crc32, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader, compressionMethod } = entry;
  const own = [crc32, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader, compressionMethod];
  const stamp = `${archive.stamp} ${own.map((part) => part.toString(36)).join('-')}`;
  return { place: location, inside, stamp, age: archive.age };
}

/** Unpacks one entry; damage found by its sizes or its CRC-32 is `input-corrupt`. */
async function readEntry(
  zip: ZipFile,
  entry: Entry | undefined,
  at: string,
  name: string,
): Promise<Result<Uint8Array>> {
  if (entry === undefined) return err(thawError('input-missing', `${name} holds no ${at}.`));
  if (entry.uncompressedSize > maxFileBytes) {
    return err(
      thawError('input-refused', `${at} is too large for one image.`, {
        expected: `at most ${maxFileBytes} bytes`,
        found: `${entry.uncompressedSize} bytes`,
      }),
    );
  }
  try {
    const bytes = await unpackEntry(zip, entry);
    if (bytes !== null) return ok(bytes);
    return err(thawError('input-corrupt', `${at} is damaged inside ${name}: its checksum does not match.`));
  } catch (cause) {
    return err(
      thawError('input-corrupt', `${at} cannot be unpacked from ${name}.`, { found: describeCause(cause) }),
    );
  }
}

function folderLister(paths: Iterable<string>): ListFolder {
  const all = [...paths];
  return (folder) => {
    const folders = new Set<string>();
    const files: string[] = [];
    for (const at of all) {
      if (!at.startsWith(folder)) continue;
      const rest = at.slice(folder.length);
      const slash = rest.indexOf('/');
      if (slash < 0) files.push(rest);
      else folders.add(rest.slice(0, slash));
    }
    return Promise.resolve({ folders: [...folders], files });
  };
}

function emptyArchive(name: string): ThawError {
  return thawError('input-empty', `The archive ${name} holds no files.`, {
    expected: 'one folder of images per class',
    remedy: 'Pack the folder of images again.',
  });
}
