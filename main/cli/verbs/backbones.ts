import type { Command } from 'commander';
import type { BackboneSpeed, CatalogueEntry } from '../../../shared/ipc/model/backbones.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

type Wanted<Own> = CommonOptions & Own;

/** `thaw backbones`, and `get`, `add` and `measure` of it. */
export function backbonesVerb(io: Io, end: (code: number) => void): Command {
  const get = verb('get', 'download a backbone’s weights, once for all projects')
    .argument('<name>', 'name of the backbone')
    .action(async (name: string, _: unknown, command: Command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const result = await runJob<CatalogueEntry>(io, options, { job: 'get-backbone', name });
      end(finish(io, options, result, describeHere));
    });
  const add = verb('add', 'take a weights file you have, once for all projects')
    .argument('<file>', 'a Keras weights file: .h5, .weights.h5 or .keras')
    .option('--as <name>', 'the architecture it is for, where the file does not tell')
    .action(async (file: string, _: unknown, command: Command) => {
      const options: Wanted<{ as?: string }> = command.optsWithGlobals();
      const job = { job: 'add-backbone' as const, file, name: options.as ?? null };
      end(finish(io, options, await runJob<CatalogueEntry>(io, options, job), describeHere));
    });
  const measure = verb('measure', 'how fast a backbone is on this machine')
    .argument('<name>', 'name of the backbone')
    .option('--image-size <n>', 'side of the image in pixels; the backbone’s own when not told', wholeNumber)
    .action(async (name: string, _: unknown, command: Command) => {
      const options: Wanted<{ imageSize?: number }> = command.optsWithGlobals();
      const job = { job: 'measure-backbone' as const, name, imageSize: options.imageSize ?? null };
      end(finish(io, options, await runJob<BackboneSpeed>(io, options, job), describeSpeed));
    });
  return verb('backbones', 'the backbones there are')
    .action(async (options: CommonOptions) => {
      const result = await runJob<CatalogueEntry[]>(io, options, { job: 'backbones' });
      end(finish(io, options, result, describe));
    })
    .addCommand(get)
    .addCommand(add)
    .addCommand(measure);
}

const places = { bundled: 'bundled', here: 'here', fetch: 'to get', add: 'to add' } as const;

function describe(entries: readonly CatalogueEntry[]): string {
  return [
    table(
      ['name', 'weights', 'input', 'parameters', 'MB', 'ImageNet top-1', 'blocks', 'licence'],
      entries.map((one) => [
        one.name,
        places[one.weights],
        one.inputSize,
        one.parameters,
        Number((one.bytes / 1e6).toFixed(1)),
        one.top1 === null ? '' : `${one.top1.percent.toFixed(1)} %`,
        one.boundaries.length,
        one.licence,
      ]),
    ),
    ...entries.flatMap(({ title, notes }) =>
      notes.length === 0 ? [] : ['', title, ...notes.map((note) => `  ${note}`)],
    ),
    '',
    'thaw backbones get NAME downloads weights, add FILE takes a file you have, measure NAME tells the speed here.',
    '--backbone also takes a Keras file (.keras, .h5) or the folder of a TensorFlow.js model.',
  ].join('\n');
}

function describeHere({ name, file, bytes }: CatalogueEntry): string {
  return `${name} is here: ${file ?? ''} (${(bytes / 1e6).toFixed(1)} MB). Use it with --backbone ${name}.`;
}

function describeSpeed({ name, imageSize, imagesPerSecond, milliseconds, runtime }: BackboneSpeed): string {
  return `${name} at ${imageSize} × ${imageSize}: ${imagesPerSecond.toFixed(1)} images a second, ${milliseconds.toFixed(1)} ms for one alone (${runtime}).`;
}
