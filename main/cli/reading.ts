import { Option } from 'commander';
import type { Job } from '../../shared/ipc/contract.ts';

/** How images are read for a model that no run describes. */
export type ReadingOptions = NonNullable<Extract<Job, { job: 'predict' }>['reading']>;

export function preprocessOption(): Option {
  return new Option('--preprocess <mode>', 'pixel scaling, for a model file that does not tell').choices([
    'tf',
    'torch',
    'caffe',
    'unit',
    'none',
  ]);
}

export function resizeOption(): Option {
  return new Option('--resize <policy>', 'how an image takes the input’s shape, for a model file').choices([
    'squash',
    'crop',
    'pad',
  ]);
}

export function readingOf({ preprocess, resize }: ReadingOptions): ReadingOptions {
  return {
    ...(preprocess !== undefined && { preprocess }),
    ...(resize !== undefined && { resize }),
  };
}
