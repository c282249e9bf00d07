import type { Command } from 'commander';
import type { CacheReport } from '../../../shared/ipc/training/cache.ts';
import type { CommonOptions } from '../command.ts';
import { finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

/** `thaw cache` and `thaw cache clear`. */
export function cacheVerb(io: Io, end: (code: number) => void): Command {
  const run = async (action: 'list' | 'clear', options: CommonOptions): Promise<void> => {
    const result = await runJob<CacheReport>(io, options, { job: 'cache', action });
    end(finish(io, options, result, describe));
  };
  const clear = verb(
    'clear',
    'drop all features that no run is using, and what is remembered of files',
  ).action(async (_, command: Command) => {
    await run('clear', command.optsWithGlobals());
  });
  return verb('cache', 'features of frozen layers, and what scans found, that are kept for later runs')
    .action(async (options: CommonOptions) => {
      await run('list', options);
    })
    .addCommand(clear);
}

function describe({ folder, bytes, limitBytes, entries, scans, dropped }: CacheReport): string {
  return [
    ...(dropped === null
      ? []
      : [
          `Dropped ${dropped.entries} of features and ${dropped.scans} of scans, ${megabytes(dropped.bytes)} MB.`,
        ]),
    ...(entries.length === 0
      ? []
      : [
          table(
            ['backbone', 'layers', 'images', 'pixels', 'kept as', 'MB', 'last used'],
            entries.map((one) => [
              one.backbone === '' ? 'any' : one.backbone,
              layersOf(one),
              one.images,
              one.size.join(' × '),
              one.device === null ? one.encoding : `${one.encoding}, from the GPU`,
              megabytes(one.bytes),
              one.lastUsed.slice(0, 16).replace('T', ' '),
            ]),
          ),
        ]),
    `${megabytes(bytes)} of at most ${megabytes(limitBytes)} MB in ${folder}`,
    ...(scans.entries.length === 0
      ? []
      : [
          '',
          table(
            ['looked at', 'files', 'MB', 'last used'],
            scans.entries.map((one) => [
              one.place,
              one.files,
              megabytes(one.bytes),
              one.lastUsed.slice(0, 16).replace('T', ' '),
            ]),
          ),
        ]),
    `${megabytes(scans.bytes)} of at most ${megabytes(scans.limitBytes)} MB in ${scans.folder}`,
  ].join('\n');
}

function layersOf({ layers, view }: CacheReport['entries'][number]): string {
  const names = layers.length === 0 ? 'pixels' : layers.join(' + ');
  return view === null ? names : `${names}, ${view.strength} view ${view.number + 1}`;
}

function megabytes(bytes: number): number {
  return Number((bytes / 1e6).toFixed(1));
}
