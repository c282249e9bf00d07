import type { Command } from 'commander';
import { Option } from 'commander';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { EstimateJob, PlanEstimate } from '../../../shared/ipc/model/estimate.ts';
import type { CommonOptions } from '../command.ts';
import { finish, list, number, verb, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';

interface EstimateOptions extends CommonOptions {
  readonly thawFrom?: string;
  readonly thaw?: string[];
  readonly images: number;
  readonly validationImages: number;
  readonly classes: number;
  readonly batchSize: number;
  readonly imageSize?: number;
  readonly dataset?: string;
  readonly optimizer: TrainSettings['optimizer'];
  readonly averageMomentum: number;
  readonly accumulate: number;
  readonly l2sp: number;
  readonly batchNorm: TrainSettings['batchNorm'];
  readonly augment: TrainSettings['augment'];
  readonly augmentViews: number;
  readonly featurePrecision: TrainSettings['featurePrecision'];
  readonly measure: boolean;
}

/** `thaw estimate BACKBONE`: what a training would cost. */
export function estimateVerb(io: Io, end: (code: number) => void): Command {
  return verb('estimate', 'what a training would cost in time and memory, before it starts')
    .argument('<backbone>', 'name of a backbone, or path of a model')
    .option('--thaw-from <layer>', 'thaw this layer or block and everything after it')
    .option('--thaw <globs>', 'thaw layers or blocks by name', list)
    .option('--images <n>', 'images to train on', wholeNumber, 1000)
    .option('--validation-images <n>', 'images to validate on', wholeNumber, 250)
    .option('--classes <n>', 'classes to tell apart', wholeNumber, 5)
    .option('--batch-size <n>', 'images a step', wholeNumber, defaultTrainSettings.batchSize)
    .option('--image-size <n>', 'side of the input in pixels; the backbone’s when not told', wholeNumber)
    .option('--dataset <dataset>', 'count its images, measure decoding them, and see what is cached of them')
    .addOption(choices('--optimizer <rule>', ['adam', 'adamw', 'sgd'], defaultTrainSettings.optimizer))
    .option('--average-momentum <f>', 'of a moving average of the weights', number, 0)
    .option('--accumulate <n>', 'steps whose gradients make one update', wholeNumber, 1)
    .option('--l2sp <f>', 'strength of L2-SP', number, 0)
    .addOption(choices('--batch-norm <mode>', ['inference', 'update'], defaultTrainSettings.batchNorm))
    .addOption(choices('--augment <how>', ['none', 'light', 'strong'], defaultTrainSettings.augment))
    .option(
      '--augment-views <n>',
      'kept variations of each image',
      wholeNumber,
      defaultTrainSettings.augmentViews,
    )
    .addOption(
      choices('--feature-precision <type>', ['float32', 'float16'], defaultTrainSettings.featurePrecision),
    )
    .option('--no-measure', 'use only what was measured on this machine before')
    .action(async (backbone: string, options: EstimateOptions) => {
      const result = await runJob<PlanEstimate>(io, options, {
        job: 'estimate',
        backbone,
        thawFrom: options.thawFrom ?? null,
        thaw: options.thaw ?? [],
        classes: options.classes,
        trainImages: options.images,
        validationImages: options.validationImages,
        batchSize: options.batchSize,
        imageSize: options.imageSize ?? null,
        dataset: options.dataset ?? null,
        recipe: recipeOf(options),
        measure: options.measure,
      });
      end(finish(io, options, result, describeEstimate));
    });
}

function choices(flags: string, values: string[], usual: string): Option {
  return new Option(flags, 'as for train').choices(values).default(usual);
}

function recipeOf(options: EstimateOptions): EstimateJob['recipe'] {
  const { optimizer, averageMomentum, accumulate, l2sp, batchNorm } = options;
  const { augment, augmentViews, featurePrecision } = options;
  return { optimizer, averageMomentum, accumulate, l2sp, batchNorm, augment, augmentViews, featurePrecision };
}

function describeEstimate(estimate: PlanEstimate): string {
  const { backbone, cut, parameters, multiplyAdds, bytes, seconds, decode, images, kept } = estimate;
  const millions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(0)} MB`;
  return [
    `${backbone}, cut at ${cut ?? 'its end'}: ${parameters.trainable.toLocaleString('en')} parameters train, ${parameters.frozen.toLocaleString('en')} stay frozen.`,
    `Multiply-adds an image: ${millions(multiplyAdds.prefix)} frozen, ${millions(multiplyAdds.suffix)} from the cut on.`,
    `Memory: ${megabytes(bytes.total)} (weights ${megabytes(bytes.weights)}, gradients and optimizer ${megabytes(bytes.optimizer)}, activations ${megabytes(bytes.activations)}) beside the program; features on disk ${megabytes(estimate.featureBytes)}.`,
    seconds === null
      ? 'Time: not measured on this machine.'
      : `Time, an estimate from a short measurement (${estimate.device}): ${seconds.scan > 0 ? `${duration(seconds.scan)} to look at the images, ` : ''}${duration(seconds.once)} for the frozen layers once, then ${duration(seconds.epoch)} an epoch; ${decode === null ? 'decoding left out' : `decoding ${(1000 * decode).toFixed(1)} ms an image counted`}.`,
    ...kept.map(
      ({ layers, train, validation }) =>
        `Kept ${layers.length === 0 ? 'as pixels' : `at ${layers.join(', ')}`}: ${train} for ${images.train} training images, ${validation} for ${images.validation} validation images.`,
    ),
  ].join('\n');
}

function duration(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
