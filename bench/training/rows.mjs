/** What is measured. A row's `once` gives Thaw's and Keras's number of one repetition; less is better. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median } from '../support.mjs';
import { prepareModel, splitImages, thawScript, thawTrain } from './sides.mjs';
import { architectureSteps, opening, steps } from './stepRows.mjs';

/** The course of the runs whose accuracy is compared; keras_train.py follows it, too. */
const course = { epochs: 10, fineTuneEpochs: 2, fineTuneLearningRate: 1e-4 };
const wrongly =
  'share of validation images classified wrongly after 10 epochs of the head and 2 of the last 25 %: mean over the seeds, lowest and highest';
const accuracyRow = { unit: '', target: null, spread: true };
const wrong = ({ epochs }) => 1 - epochs.at(-1).valAccuracy;
const quiet = ['--early-stop', 0];
const last = (values, from) => median(values.slice(from));

export const rows = {
  'head-in-model': {
    title:
      'frozen backbone, head, 20 epochs, folder to model; Keras: backbone inside `model.fit` (2 epochs run, the rest 18 × the second)',
    unit: 's',
    target: 0.07,
    once({ images, model, keras }) {
      const data = splitImages(images);
      const theirs = keras('keras_train.py', ['frozen', data, prepareModel(model).folder, 2]);
      const ours = thawTrain(data, ['--backbone', model, '--epochs', 20, '--preprocess', 'tf', ...quiet]);
      return { thaw: ours.wallSeconds, keras: theirs.wallSeconds + 18 * theirs.seconds[1] };
    },
  },
  'head-precomputed': {
    title: 'the same; Keras: features computed by hand, the head fitted on them',
    unit: 's',
    target: 0.8,
    once({ images, model, keras }) {
      const data = splitImages(images);
      const theirs = keras('keras_train.py', ['precomputed', data, prepareModel(model).folder, 20]);
      const ours = thawTrain(data, ['--backbone', model, '--epochs', 20, '--preprocess', 'tf', ...quiet]);
      return { thaw: ours.wallSeconds, keras: theirs.wallSeconds };
    },
  },
  'fine-tune': {
    title: 'fine-tune the last 25 %, per epoch after the first',
    unit: 's',
    target: 0.55,
    once({ images, model, keras }) {
      const data = splitImages(images);
      const { folder, cut } = prepareModel(model);
      const theirs = keras('keras_train.py', ['finetune', data, folder, 2, cut]);
      const phases = ['--epochs', 1, '--thaw-from', cut, '--fine-tune-epochs', 3];
      const ours = thawTrain(data, ['--backbone', model, '--preprocess', 'tf', ...phases, ...quiet]);
      const tuned = ours.epochs.filter(({ phase }) => phase === 'fine-tune').map(({ seconds }) => seconds);
      return { thaw: last(tuned, 1), keras: last(theirs.seconds, 1) };
    },
  },
  ...steps('step', 'larger model', { modelOf: ({ model }) => model }),
  ...steps('step-small', 'smaller model', {
    modelOf: ({ small }) => small,
    batchNorms: ['inference', 'update'],
  }),
  ...architectureSteps(),
  ...opening('open-efficientnet-b0', 'efficientnet-b0'),
  latency: {
    title: 'one image, warm; Keras: `model(x)`',
    unit: 'ms',
    target: 0.5,
    once({ model, keras }) {
      const theirs = keras('keras_latency.py', [prepareModel(model).folder]);
      return { thaw: thawScript('thawLatency', [model]).milliseconds, keras: theirs.milliseconds };
    },
  },
  cold: {
    title: 'command to first trained epoch on the bundled sample',
    unit: 's',
    target: 0.5,
    once({ keras }) {
      const { folder } = prepareModel('assets/backbones/thaw-mobilenet-v2-035-128');
      const theirs = keras('keras_train.py', ['frozen', splitImages('assets/sample'), folder, 1]);
      const ours = thawTrain('assets/sample', ['--epochs', 1]);
      return { thaw: ours.wallSeconds, keras: theirs.wallSeconds };
    },
  },
  accuracy: {
    title: `${wrongly}; each side decodes, resizes and orders the images itself`,
    ...accuracyRow,
    once({ images, model, keras }, repetition) {
      const data = splitImages(images);
      const { folder, cut } = prepareModel(model);
      const theirs = keras('keras_train.py', ['accuracy', data, folder, course.epochs, cut, repetition]);
      return { thaw: wrong(tuned(data, model, cut, repetition)), keras: 1 - theirs.accuracies.at(-1) };
    },
  },
  'accuracy-repeated': {
    title: `${wrongly}; Keras repeats each run: the pixels, the order of the images, the head's first weights`,
    ...accuracyRow,
    once: (context, repetition) => repeated(context, repetition, false),
  },
  'accuracy-own-pixels': {
    title: 'the same; but Keras decodes and resizes the images itself',
    ...accuracyRow,
    once: (context, repetition) => repeated(context, repetition, true),
  },
  memory: {
    title: 'resident memory after 100 epochs over that after 10 (Thaw alone: it stays flat)',
    unit: 'MB',
    target: 1.1,
    repeats: 1,
    once() {
      const { after } = thawScript('thawMemory', []);
      if (after[100].tensors !== after[10].tensors) throw new Error('Tensors are left over after an epoch');
      return { thaw: after[100].bytes / 1e6, keras: after[10].bytes / 1e6 };
    },
  },
};

/** `thaw train` over the course. */
function tuned(data, model, cut, seed) {
  const { epochs, fineTuneEpochs, fineTuneLearningRate } = course;
  const phases = ['--epochs', epochs, '--thaw-from', cut, '--fine-tune-epochs', fineTuneEpochs];
  const rate = ['--fine-tune-learning-rate', fineTuneLearningRate, '--seed', seed];
  return thawTrain(data, ['--backbone', model, '--preprocess', 'tf', ...phases, ...rate, ...quiet]);
}

function repeated({ images, model, keras }, seed, ownPixels) {
  const data = splitImages(images);
  const { cut } = prepareModel(model);
  const place = mkdtempSync(path.join(tmpdir(), 'thaw-repeatable-'));
  try {
    const settings = { ...course, dataset: data, backbone: model, preprocess: 'tf', thawFrom: cut, seed };
    thawScript('repeatable', [JSON.stringify(settings), place]);
    const theirs = keras('repeat_run.py', ownPixels ? [place, data] : [place]);
    return { thaw: wrong(tuned(data, model, cut, seed)), keras: wrong(theirs) };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
