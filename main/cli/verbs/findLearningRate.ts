import type { Command } from 'commander';
import type { LearningRateCurve } from '../../../shared/ipc/training/results.ts';
import { fail, finish, verb } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';
import { table } from '../table.ts';
import type { TrainOptions } from '../train/options.ts';
import { addTrainOptions } from '../train/options.ts';
import { settingsOf } from '../train/settings.ts';

/** `thaw find-learning-rate DATASET`. */
export function findLearningRateVerb(io: Io, end: (code: number) => void): Command {
  const command = verb(
    'find-learning-rate',
    'try rising learning rates on the first phase of a training, and advise one',
  ).argument('<dataset>', 'as for train, with the same options');
  return addTrainOptions(command).action(async (dataset: string, options: TrainOptions, self: Command) => {
    const settings = await settingsOf(dataset, options, self);
    if (!settings.ok) {
      end(fail(io, options, settings.error));
      return;
    }
    const job = { job: 'find-learning-rate' as const, settings: settings.value };
    end(finish(io, options, await runJob<LearningRateCurve>(io, options, job), describe));
  });
}

function describe({ phase, points, suggested, lowest }: LearningRateCurve): string {
  const shown = points.filter((_, index) => index % 8 === 0 || index === points.length - 1);
  return [
    table(
      ['learning rate', 'loss'],
      shown.map(({ learningRate, loss }) => [learningRate.toExponential(1), Number(loss.toFixed(3))]),
    ),
    `Advised for the ${phase} phase: ${suggested.toExponential(1)} (the loss is lowest at ${lowest.toExponential(1)}).`,
  ].join('\n');
}
