import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { BundledBackbone } from '../../engine/network/index.ts';
import { importNetwork, listBackbones } from '../../engine/network/index.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { table } from '../table.ts';

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly inputSize: number;
  readonly preprocess: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly licence: string;
  readonly source: string;
  readonly paper: string | null;
  readonly notes: readonly string[];
  readonly available: boolean;
}

/** `thaw backbones` and `thaw backbones get NAME`. */
export function backbonesVerb(io: Io, end: (code: number) => void): Command {
  const get = verb('get', 'fetch a backbone’s weights')
    .argument('<name>', 'name of the backbone')
    .action(async (name: string, options: CommonOptions) => {
      end(finish(io, options, await getBackbone(name), ({ name: here }) => `${here} is here already.`));
    });
  return verb('backbones', 'the backbones there are')
    .action(async (options: CommonOptions) => {
      end(finish(io, options, await catalogue(), describe));
    })
    .addCommand(get);
}

async function catalogue(): Promise<Result<Entry[]>> {
  const entries: Entry[] = [];
  for (const backbone of await listBackbones()) {
    const entry = await entryOf(backbone);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok(entries);
}

async function entryOf({ card, folder }: BundledBackbone): Promise<Result<Entry>> {
  const imported = await importNetwork(folder);
  if (!imported.ok) return imported;
  const parameters =
    imported.value.kind === 'graph'
      ? imported.value.parameters
      : imported.value.network.layers.reduce((sum, layer) => sum + layer.parameters, 0);
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
  const { name, title, inputSize, preprocess, licence, source, paper, notes } = card;
  return ok({
    name,
    title,
    inputSize,
    preprocess,
    parameters,
    bytes,
    licence,
    source,
    paper,
    notes,
    available: true,
  });
}

async function getBackbone(name: string): Promise<Result<{ name: string }>> {
  const known = await listBackbones();
  if (known.some(({ card }) => card.name === name)) return ok({ name });
  return err(
    thawError('engine-unsupported', 'Fetching backbones is not part of this version.', {
      expected: `a bundled backbone: ${known.map(({ card }) => card.name).join(', ')}`,
      found: name,
      remedy: 'Give the folder of a TensorFlow.js LayersModel to --backbone.',
    }),
  );
}

function describe(entries: readonly Entry[]): string {
  return [
    table(
      ['name', 'input', 'parameters', 'MB', 'licence'],
      entries.map((one) => [
        one.name,
        one.inputSize,
        one.parameters,
        Number((one.bytes / 1e6).toFixed(1)),
        one.licence,
      ]),
    ),
    ...entries.flatMap(({ title, notes }) => ['', title, ...notes.map((note) => `  ${note}`)]),
    '',
    '--backbone also takes the folder of any TensorFlow.js LayersModel or GraphModel.',
  ].join('\n');
}
