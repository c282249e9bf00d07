import type { Command } from 'commander';
import { Option } from 'commander';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { CommonOptions } from '../command.ts';
import { factors, list, number, wholeNumber, wholeNumbers } from '../command.ts';

/** What commander makes of the options below. */
export type TrainOptions = CommonOptions &
  Omit<TrainSettings, 'dataset' | 'augmentFlip'> & { readonly flip: boolean };

const defaults = defaultTrainSettings;

/** Adds every option that decides how a training goes. */
export function addTrainOptions(command: Command): Command {
  return addDataOptions(addOptimizerOptions(addAugmentOptions(addPlanOptions(command))));
}

/** The network, what of it trains, and for how long. */
function addPlanOptions(command: Command): Command {
  return command
    .option('--backbone <name|path>', 'a backbone’s name, or the path of a model', defaults.backbone)
    .option('--weights <file>', 'Keras weights for it: .h5, .weights.h5 or .keras')
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
    );
}

function addAugmentOptions(command: Command): Command {
  return command
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
    .option(
      '--cutmix <alpha>',
      'cut rectangles out of one another (CutMix); 0: not',
      number,
      defaults.cutmix,
    );
}

function addOptimizerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--optimizer <rule>', 'how gradients move weights')
        .choices(['adam', 'adamw', 'sgd'])
        .default(defaults.optimizer),
    )
    .option('--momentum <f>', 'of sgd', number, defaults.momentum)
    .option('--weight-decay <f>', 'decoupled; 0.004 for adamw when not told, else none', number)
    .addOption(
      new Option('--schedule <how>', 'how the learning rate goes on within a phase')
        .choices(['constant', 'cosine', 'one-cycle', 'plateau'])
        .default(defaults.schedule),
    )
    .option('--warmup-epochs <f>', 'epochs in which it first rises from 0', number, defaults.warmupEpochs)
    .option('--label-smoothing <f>', 'share of every target that is spread over all classes', number, 0)
    .option('--clip-norm <f>', 'common norm that gradients are kept below; 0: none', number, 0)
    .option('--accumulate <n>', 'steps whose gradients make one update', wholeNumber, defaults.accumulate)
    .option('--average-momentum <f>', 'evaluate a moving average of the weights; 0: not', number, 0)
    .option('--l2sp <f>', 'pull thawed layers back to their pretrained weights (L2-SP); 0: not', number, 0)
    .option(
      '--rate-decay <f>',
      'factor of the learning rate from a thawed block to the one before',
      number,
      1,
    )
    .option('--layer-rates <glob=f,…>', 'factors of the learning rate by layer or block', factors)
    .option('--layer-l2sp <glob=f,…>', 'L2-SP of layers or blocks, in place of --l2sp', factors)
    .option('--gradual-unfreeze <n>', 'thaw in so many steps, from the last block back', wholeNumber, 0);
}

/** The images, the head, and everything else. */
function addDataOptions(command: Command): Command {
  return command
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
    .option(
      '--dropout <f>',
      'dropout in the head (default: the backbone’s own before its classifier, else 0)',
      number,
    )
    .option('--continue-from <run>', 'start from the best weights of a run that has ended, head included');
}
