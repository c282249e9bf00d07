import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import type { FindingKind, SplitName } from '../../../../shared/domain/dataset.ts';
import { thawError, type ThawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { confine } from './confine.ts';
import { className, splitOf } from './names.ts';
import { describeCause, readWholeFile } from './readFile.ts';
import type { DatasetSource, SourceEntry } from './source.ts';
import { stateBelow } from './fileState.ts';

interface Columns {
  readonly delimiter: string;
  readonly path: number;
  readonly label: number;
  readonly split: number | null;
  readonly weight: number | null;
}

/**
 * A CSV with the header `path,label` and optionally `split` and `weight` (RFC 4180; also separated by `;` or tabs). Paths are
 * relative to the CSV's folder, in which they must lie; backslashes count as slashes. Errors: `input-empty`,
 * `input-unsupported` (columns missing), `input-corrupt`.
 */
export async function openCsvSource(location: string): Promise<Result<DatasetSource>> {
  const folder = path.dirname(location);
  const columns = await readColumns(location);
  if (!columns.ok) return columns;
  const fileOf = (datasetPath: string) => confine(folder, datasetPath);
  return ok({
    kind: 'csv',
    location,
    name: path.basename(location, path.extname(location)),
    list: (signal) => listRows(location, folder, columns.value, signal),
    read: (datasetPath) => {
      const file = fileOf(datasetPath);
      return Promise.resolve(file.ok ? readWholeFile(file.value) : file);
    },
    fileOf,
    stateOf: (datasetPath) => stateBelow(folder, datasetPath),
    close: () => Promise.resolve(),
  });
}

/** Column names are looked for in the first 64 KiB. */
async function readColumns(location: string): Promise<Result<Columns>> {
  const name = path.basename(location);
  let line: string;
  try {
    const handle = await open(location, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
      line =
        buffer
          .toString('utf8', 0, bytesRead)
          .replace(/^\uFEFF/, '')
          .split(/\r\n|\r|\n/, 1)[0] ?? '';
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return err(thawError('input-corrupt', `${name} cannot be read.`, { found: describeCause(cause) }));
  }
  if (line.trim() === '') return err(thawError('input-empty', `${name} is empty.`, columnsExpected(line)));
  for (const delimiter of [',', ';', '\t']) {
    const header = line.split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, '').toLowerCase());
    const columns = { path: header.indexOf('path'), label: header.indexOf('label') };
    const optional = (name: string): number | null => (header.includes(name) ? header.indexOf(name) : null);
    if (columns.path >= 0 && columns.label >= 0) {
      return ok({ delimiter, ...columns, split: optional('split'), weight: optional('weight') });
    }
  }
  return err(
    thawError('input-unsupported', `${name} lacks the columns of a dataset.`, columnsExpected(line)),
  );
}

function columnsExpected(found: string): Omit<ThawError, 'code' | 'message'> {
  return {
    expected: 'a first line naming the columns path,label and optionally split and weight',
    found: found.trim() === '' ? 'no first line' : JSON.stringify(found.slice(0, 200)),
    remedy: 'Add or rename the header; paths are relative to the CSV’s folder.',
  };
}

async function* listRows(
  location: string,
  folder: string,
  columns: Columns,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  const input = createReadStream(location, { signal });
  const parser = input.pipe(
    parse({
      bom: true,
      delimiter: columns.delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      from: 2,
    }),
  );
  input.on('error', (cause) => parser.destroy(cause));
  let row = 1;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      signal.throwIfAborted();
      row += 1;
      yield entryOfRow(cells, row, folder, columns);
    }
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    yield finding('unreadable', path.basename(location), `Row ${row + 1}: ${describeCause(cause)}.`);
  } finally {
    input.destroy();
  }
}

function entryOfRow(cells: string[], row: number, folder: string, columns: Columns): SourceEntry {
  const at = (cells[columns.path] ?? '').trim().replaceAll('\\', '/');
  const label = className((cells[columns.label] ?? '').trim());
  if (at === '') return finding('unlabelled', `row ${row}`, `Row ${row} names no path.`);
  if (label === '') return finding('unlabelled', at, `Row ${row} gives ${at} no label.`);
  const file = confine(folder, at);
  if (!file.ok) {
    return finding(
      'outside-folder',
      at,
      `Row ${row} names ${JSON.stringify(at)}, which lies outside the CSV’s folder; it was not read.`,
    );
  }
  const splitCell = columns.split === null ? '' : (cells[columns.split] ?? '').trim();
  let split: SplitName | null = null;
  if (splitCell !== '') {
    split = splitOf(splitCell);
    if (split === null) {
      const message = `Row ${row} puts ${at} into the split ${JSON.stringify(splitCell)}; train, val or test was expected.`;
      return finding('unlabelled', at, message);
    }
  }
  const weightCell = columns.weight === null ? '' : (cells[columns.weight] ?? '').trim();
  const weight = Number(weightCell);
  if (weightCell !== '' && !(Number.isFinite(weight) && weight > 0)) {
    const message = `Row ${row} gives ${at} the weight ${JSON.stringify(weightCell)}; a number above 0 was expected.`;
    return finding('unlabelled', at, message);
  }
  const inside = path.relative(folder, file.value).split(path.sep).join('/');
  return { type: 'file', path: inside, label, split, ...(weightCell !== '' && { weight }) };
}

function finding(kind: FindingKind, at: string, message: string): SourceEntry {
  return { type: 'finding', finding: { kind, severity: 'error', paths: [at], message, excluded: true } };
}
