import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../engine/runtime/packageRoot.ts';
import { thawError } from '../../../shared/errors.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { studioPlaces } from '../../host/places.ts';
import type { RunList } from '../../../shared/ipc/training/runs.ts';
import type { CommonOptions } from '../command.ts';
import { fail, finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';

/** `thaw runs [FOLDER]`. */
export function runsVerb(io: Io, end: (code: number) => void): Command {
  return verb('runs', 'list the runs in a folder, the newest first')
    .argument(
      '[folder]',
      'a project, or a folder with runs in it; the studio’s own without a project when not told',
    )
    .action(async (folder: string | undefined, options: CommonOptions) => {
      const place = path.resolve(folder ?? studioPlaces(packageRoot).runs);
      if (folder !== undefined && !existsSync(place)) {
        end(fail(io, options, notThere(place)));
        return;
      }
      const result = await runJob<RunList>(io, options, { job: 'list-runs', folder: place });
      end(finish(io, options, result, describe));
    });
}

function notThere(folder: string): ThawError {
  return thawError('input-missing', `There is no folder ${folder}.`, {
    expected: 'a project, or a folder with runs in it',
    remedy: 'Check the path.',
  });
}

function describe({ folder, runs, damaged }: RunList): string {
  const rows = runs.map(({ title, created, state, dataset, backbone, epochs, best }) => [
    title,
    created.slice(0, 16).replace('T', ' '),
    state,
    dataset,
    backbone,
    epochs,
    best === null ? '' : percent(best.valAccuracy),
  ]);
  return [
    runs.length === 0
      ? `There are no runs in ${folder}.`
      : table(['run', 'begun', 'state', 'dataset', 'backbone', 'epochs', 'best'], rows),
    ...damaged.map(({ run, message }) => `cannot be read: ${run}: ${message}`),
  ].join('\n');
}
