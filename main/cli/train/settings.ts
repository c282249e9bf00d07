import type { Command } from 'commander';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { trainSettingsSchema } from '../../../shared/ipc/training/trainSettings.ts';
import { projectFolderOf, readProject } from '../../engine/project/projectFile.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { TrainOptions } from './options.ts';

/** What a project says about its training; nothing for a plain dataset. */
async function projectDefaults(dataset: string): Promise<Result<Partial<TrainSettings>>> {
  const folder = await projectFolderOf(dataset);
  if (folder === null) return ok({});
  const project = await readProject(folder);
  if (!project.ok) return project;
  const { split, plan, training } = project.value;
  const known = Object.fromEntries(Object.entries(training).filter(([, value]) => value !== undefined));
  return ok({
    ...known,
    ...(plan !== null && {
      backbone: plan.backbone,
      thaw: plan.thawed,
      layerRates: plan.rates,
      layerL2sp: plan.l2sp,
    }),
    validationSplit: split.validation,
    testSplit: split.test,
    seed: split.seed,
  });
}

/** The settings of a training: what the options say, else what the project says, else the defaults. Errors: usage. */
export async function settingsOf(
  dataset: string,
  options: TrainOptions,
  command: Command,
): Promise<Result<TrainSettings>> {
  const chosen = await projectDefaults(dataset);
  if (!chosen.ok) return chosen;
  const isTold = (key: string): boolean => command.getOptionValueSource(key) !== 'default';
  const given = Object.fromEntries(
    Object.keys(defaultTrainSettings).flatMap((key) => {
      const value: unknown = Reflect.get(options, key);
      return value === undefined || !isTold(key) ? [] : [[key, value]];
    }),
  );
  const parsed = trainSettingsSchema.safeParse({
    ...defaultTrainSettings,
    ...chosen.value,
    ...given,
    ...(isTold('flip') && { augmentFlip: options.flip }),
    dataset,
  });
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0] ?? '');
  const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return err(
    thawError('usage', `${option} has a value it cannot have.`, {
      ...(issue && { expected: issue.message }),
      found: JSON.stringify((given as Record<string, unknown>)[key]),
      remedy: 'Run `thaw train --help`.',
    }),
  );
}
