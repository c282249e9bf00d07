import type { Command } from 'commander';
import { Option } from 'commander';
import { defaultTrainSettings as defaults } from '../../../shared/domain/run.ts';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { WrittenView } from '../../../shared/ipc/dataset/report.ts';
import type { CommonOptions } from '../command.ts';
import { finish, numberWithin, verb, wholeWithin } from '../command.ts';
import type { Io } from '../io.ts';
import { runJob } from '../runJob.ts';

type AugmentJob = Extract<Job, { job: 'augment' }>;
type AugmentOptions = CommonOptions &
  Pick<AugmentJob, 'out' | 'resize' | 'flip' | 'seed' | 'mixup' | 'cutmix'> & {
    readonly augment: AugmentJob['strength'];
    readonly augmentViews: number;
    readonly imageSize: number;
  };

/** `thaw augment IMAGE… --out DIR`. */
export function augmentVerb(io: Io, end: (code: number) => void): Command {
  return verb('augment', 'write the variations of image files that a training with these options is shown')
    .argument('<images...>', 'image files')
    .requiredOption('--out <folder>', 'a new or empty folder for the PNGs')
    .addOption(
      new Option('--augment <how>', 'how far variations go')
        .choices(['none', 'light', 'strong'])
        .default('light'),
    )
    .option('--augment-views <n>', 'variations of each image', wholeWithin(1, 1000), defaults.augmentViews)
    .option('--mixup <alpha>', 'mixes the images, as one step, by MixUp', numberWithin(0, 10), 0)
    .option('--cutmix <alpha>', 'and by CutMix', numberWithin(0, 10), 0)
    .option('--no-flip', 'never mirror images: for text, digits, hands')
    .option('--image-size <n>', 'side in pixels', wholeWithin(8, 4096), 224)
    .addOption(
      new Option('--resize <policy>', 'how images become square')
        .choices(['squash', 'crop', 'pad'])
        .default(defaults.resize),
    )
    .option('--seed <n>', 'of the variations', wholeWithin(0, 0xffff_ffff), defaults.seed)
    .action(async (images: string[], options: AugmentOptions) => {
      const { out, resize, flip, seed, augment: strength, augmentViews: views, imageSize: size } = options;
      const mixing = { mixup: options.mixup, cutmix: options.cutmix };
      const job = {
        job: 'augment' as const,
        images,
        out,
        resize,
        flip,
        seed,
        strength,
        views,
        size,
        ...mixing,
      };
      const result = await runJob<WrittenView[]>(io, options, job);
      end(finish(io, options, result, (written) => `${written.length} variations written to ${out}.`));
    });
}
