import type { Command } from 'commander';
import type { TrainResult } from '../../../shared/domain/run.ts';
import { fail, finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import { runJob } from '../runJob.ts';
import type { TrainOptions } from '../train/options.ts';
import { addTrainOptions } from '../train/options.ts';
import { settingsOf } from '../train/settings.ts';

/** `thaw train DATASET --out RUN`. */
export function trainVerb(io: Io, end: (code: number) => void): Command {
  const command = verb('train', 'train a classifier on a folder of class folders, a zip of one, or a CSV')
    .argument('<dataset>', 'folder, .zip, .csv or project, whose settings are then the defaults')
    .requiredOption('--out <run>', 'new folder for the run');
  return addTrainOptions(command).action(
    async (dataset: string, options: TrainOptions & { readonly out: string }, self: Command) => {
      const settings = await settingsOf(dataset, options, self);
      if (!settings.ok) {
        end(fail(io, options, settings.error));
        return;
      }
      const job = { job: 'train' as const, settings: settings.value, out: options.out };
      const result = await runJob<TrainResult>(io, options, job);
      if (!result.ok && result.error.code === 'cancelled')
        io.err(`Go on later with: thaw resume ${options.out}\n`);
      end(finish(io, options, result, describeTraining));
    },
  );
}

/** What a person is told at the end of a training. */
export function describeTraining(result: TrainResult): string {
  const { best, classes, images, parameters, runtime, seconds } = result;
  return [
    `Best epoch ${best.epoch}: validation accuracy ${percent(best.valAccuracy)} over ${classes.length} classes.`,
    `${images.train} images trained on, ${images.validation} validated on; ${parameters.trainable.toLocaleString('en')} parameters trained, ${parameters.frozen.toLocaleString('en')} frozen (cut at ${result.cut}).`,
    `${seconds.total.toFixed(1)} s: scan ${seconds.scan.toFixed(1)}, frozen layers ${seconds.features.toFixed(1)}, training ${seconds.train.toFixed(1)}; ${runtime.trainer}, ${runtime.prefix || 'features from the cache'}, ${runtime.device}.`,
    `Saved in ${result.run}`,
    '',
    'Next:',
    `  thaw evaluate ${result.run} DATASET`,
    `  thaw predict ${result.run} IMAGE`,
  ].join('\n');
}
