import type { Command } from 'commander';
import { Option } from 'commander';
import type { TrainResult, TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { trainSettingsSchema } from '../../../shared/ipc/contract.ts';
import { projectFolderOf, readProject } from '../../engine/project/projectFile.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CommonOptions } from '../command.ts';
import { fail, finish, list, number, verb, wholeNumber, wholeNumbers } from '../command.ts';
import type { Io } from '../io.ts';
import { percent } from '../progress.ts';
import { runJob } from '../runJob.ts';

type TrainOptions = CommonOptions &
  Omit<TrainSettings, 'dataset' | 'augmentFlip'> & { readonly out: string; readonly flip: boolean };

/** `thaw train DATASET --out RUN`. */
export function trainVerb(io: Io, end: (code: number) => void): Command {
  const defaults = defaultTrainSettings;
  return verb('train', 'train a classifier on a folder of class folders, a zip of one, or a CSV')
    .argument('<dataset>', 'folder, .zip, .csv or project, whose settings are then the defaults')
    .requiredOption('--out <run>', 'new folder for the run')
    .option('--backbone <name|path>', 'bundled backbone, or a TensorFlow.js model folder', defaults.backbone)
    .option('--weights <file>', 'weights for the backbone (a later version)')
    .option('--random-weights', 'start from random weights, to see what pretraining is worth')
    .option('--validation <dataset>', 'validate on this dataset instead of a split')
    .option('--epochs <n>', 'most epochs of the first phase', wholeNumber, defaults.epochs)
    .option('--batch-size <n>', 'images a step', wholeNumber, defaults.batchSize)
    .option('--learning-rate <x>', 'of the first phase', number, defaults.learningRate)
    .addOption(
      new Option('--freeze <what>', 'what stays frozen in the first phase')
        .choices(['backbone', 'none'])
        .default(defaults.freeze),
    )
    .option('--thaw-from <layer>', 'thaw this layer or block and everything after it')
    .option('--thaw <globs>', 'thaw layers or blocks by name, e.g. "block_1?,Conv_1*"', list)
    .option('--fine-tune-epochs <n>', 'epochs of a second phase with the thawed layers', wholeNumber, 0)
    .option('--fine-tune-learning-rate <x>', 'of the second phase', number, defaults.fineTuneLearningRate)
    .addOption(
      new Option('--batch-norm <mode>', 'thawed batch normalisation: stored statistics, or the batch’s')
        .choices(['inference', 'update'])
        .default(defaults.batchNorm),
    )
    .addOption(
      new Option('--augment <how>', 'random variations of the training images')
        .choices(['none', 'light', 'strong'])
        .default(defaults.augment),
    )
    .option(
      '--augment-views <n>',
      'variations of each image that are kept and come round; 0: new ones every epoch',
      wholeNumber,
      defaults.augmentViews,
    )
    .option('--no-flip', 'never mirror images: for text, digits, hands')
    .option('--mixup <alpha>', 'mix images of a batch (MixUp); 0: not', number, defaults.mixup)
    .option('--cutmix <alpha>', 'cut rectangles out of one another (CutMix); 0: not', number, defaults.cutmix)
    .addOption(
      new Option('--feature-precision <type>', 'how cached features are kept')
        .choices(['float32', 'float16'])
        .default(defaults.featurePrecision),
    )
    .option('--image-size <n>', 'side of the input in pixels; the backbone’s own when not told', wholeNumber)
    .addOption(
      new Option('--resize <policy>', 'how an image becomes square')
        .choices(['squash', 'crop', 'pad'])
        .default(defaults.resize),
    )
    .addOption(
      new Option('--preprocess <mode>', 'pixel scaling, where the backbone does not tell').choices([
        'tf',
        'torch',
        'caffe',
        'unit',
        'none',
      ]),
    )
    .option('--validation-split <f>', 'share of images to validate on', number, defaults.validationSplit)
    .option('--test-split <f>', 'share of images to hold out for a test', number, defaults.testSplit)
    .option('--seed <n>', 'the same seed gives the same run', wholeNumber, defaults.seed)
    .option(
      '--early-stop <n>',
      'epochs without progress that end a phase; 0: never',
      wholeNumber,
      defaults.earlyStop,
    )
    .addOption(
      new Option('--class-weights <how>', 'make small classes count as much as large ones')
        .choices(['auto', 'none'])
        .default(defaults.classWeights),
    )
    .option('--head-units <n,n>', 'hidden layers of the head', wholeNumbers)
    .option('--dropout <f>', 'dropout in the head', number, defaults.dropout)
    .option('--continue-from <run>', 'start from the best weights of a run that has ended, head included')
    .action(async (dataset: string, options: TrainOptions, command: Command) => {
      const chosen = await projectDefaults(dataset);
      const isTold = (key: string) => command.getOptionValueSource(key) !== 'default';
      const settings = chosen.ok ? settingsOf(dataset, options, chosen.value, isTold) : chosen;
      if (!settings.ok) {
        end(fail(io, options, settings.error));
        return;
      }
      const job = { job: 'train' as const, settings: settings.value, out: options.out };
      const result = await runJob<TrainResult>(io, options, job);
      if (!result.ok && result.error.code === 'cancelled')
        io.err(`Go on later with: thaw resume ${options.out}\n`);
      end(finish(io, options, result, describeTraining));
    });
}

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
    ...(plan !== null && { backbone: plan.backbone, thaw: plan.thawed }),
    validationSplit: split.validation,
    testSplit: split.test,
    seed: split.seed,
  });
}

function settingsOf(
  dataset: string,
  options: TrainOptions,
  chosen: Partial<TrainSettings>,
  isTold: (option: string) => boolean,
): Result<TrainSettings> {
  const given = Object.fromEntries(
    Object.keys(defaultTrainSettings).flatMap((key) => {
      const value: unknown = Reflect.get(options, key);
      return value === undefined || !isTold(key) ? [] : [[key, value]];
    }),
  );
  const parsed = trainSettingsSchema.safeParse({
    ...defaultTrainSettings,
    ...chosen,
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
