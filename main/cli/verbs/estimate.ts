import type { Command } from 'commander';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { PlanEstimate } from '../../../shared/ipc/estimate.ts';
import type { CommonOptions } from '../command.ts';
import { finish, list, verb, wholeNumber } from '../command.ts';
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
        measure: options.measure,
      });
      end(finish(io, options, result, describeEstimate));
    });
}

function describeEstimate(estimate: PlanEstimate): string {
  const { backbone, cut, parameters, multiplyAdds, bytes, seconds } = estimate;
  const millions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(0)} MB`;
  return [
    `${backbone}, cut at ${cut ?? 'its end'}: ${parameters.trainable.toLocaleString('en')} parameters train, ${parameters.frozen.toLocaleString('en')} stay frozen.`,
    `Multiply-adds an image: ${millions(multiplyAdds.prefix)} frozen, ${millions(multiplyAdds.suffix)} from the cut on.`,
    `Memory: ${megabytes(bytes.total)} (weights ${megabytes(bytes.weights)}, gradients and optimizer ${megabytes(bytes.optimizer)}, activations ${megabytes(bytes.activations)}) beside the program; features on disk ${megabytes(estimate.featureBytes)}.`,
    seconds === null
      ? 'Time: not measured on this machine.'
      : `Time, an estimate from a short measurement (${estimate.device}): ${duration(seconds.once)} for the frozen layers once, then ${duration(seconds.epoch)} an epoch; decoding left out.`,
  ].join('\n');
}

function duration(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
