import { stat } from 'node:fs/promises';
import type { Dataset } from '../../../../shared/domain/dataset.ts';
import type { Evaluation } from '../../../../shared/domain/metrics.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DatasetSource } from '../../dataset/index.ts';
import { createDecoder, openDataset, scanDataset } from '../../dataset/index.ts';
import { evaluatePredictions } from '../../insight/evaluate.ts';
import type { JobContext } from '../../jobs/context.ts';
import { warningsOf } from '../../jobs/context.ts';
import type { StoredModel } from '../../project/modelFolder.ts';
import { isOwnModel, readModel } from '../../project/modelFolder.ts';
import type { SplitEntry } from '../../project/run/runFolder.ts';
import { readRunFile, readSplit } from '../../project/run/runFolder.ts';
import type { Classifier } from './classifier.ts';
import { openClassifier } from './classifier.ts';
import type { Reading } from '../../jobs/operations.ts';
import { openClassifierFile, readClassifierFile } from '../classifierFile.ts';

const batchSize = 32;

/** A classifier that is ready to be measured, and what its outputs are called. */
interface Measured {
  readonly classifier: Classifier;
  readonly classes: readonly string[];
}

/**
 * Measures a model on every usable image of a dataset, or, a run's without one, on the images it was validated on. The
 * outputs of a classifier made elsewhere are called as it or labels.txt beside it says, else as the dataset's classes in
 * their order. Warns about images a run was trained on.
 * Errors: those of the dataset room and of readClassifierFile, input-missing, labels-differ, cancelled.
 */
export async function evaluate(
  model: string,
  location: string | null,
  context: JobContext,
  reading: Reading = {},
): Promise<Result<Evaluation>> {
  const isOwn = (await isOwnModel(model)) || (await stat(model).catch(() => null)) === null;
  const own = isOwn ? await readModel(model) : null;
  if (own?.ok === false) return own;
  const images =
    location !== null
      ? await scanned(location, context)
      : isOwn
        ? await ownValidation(model)
        : noDataset(model);
  if (!images.ok) return images;
  const { source } = images.value;
  try {
    const opened =
      own !== null
        ? await openOwn(own.value, images.value, context)
        : await openForeign(model, images.value, reading, context);
    if (!opened.ok) return opened;
    const { classifier, classes } = opened.value;
    if (location !== null && isOwn) await warnOfTrained(model, images.value, context);
    try {
      return await evaluateOn(classifier, source, images.value, classes, context);
    } finally {
      await classifier.dispose();
    }
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    await source.close();
  }
}

async function openOwn(model: StoredModel, images: Labelled, context: JobContext): Promise<Result<Measured>> {
  const { classes } = model.info;
  const same = checkLabels(images, classes);
  if (!same.ok) return same;
  const classifier = await openClassifier(model, { onNotice: warningsOf(context) });
  return classifier.ok ? ok({ classifier: classifier.value, classes }) : classifier;
}

async function openForeign(
  model: string,
  images: Labelled,
  reading: Reading,
  context: JobContext,
): Promise<Result<Measured>> {
  const file = await readClassifierFile(model, reading);
  if (!file.ok) return file;
  for (const message of file.value.notices) context.emit({ type: 'log', level: 'warning', message });
  const classes = file.value.classes ?? images.classes;
  if (classes.length !== file.value.outputs)
    return err(
      thawError('labels-differ', `${images.name} has another number of classes than the model.`, {
        expected: `${file.value.outputs} classes`,
        found: `${classes.length}: ${classes.slice(0, 10).join(', ')}`,
        remedy: 'Put labels.txt beside the model, with the names of its outputs, one a line.',
      }),
    );
  const same = checkLabels(images, classes);
  if (!same.ok) return same;
  const classifier = await openClassifierFile(file.value, { onNotice: warningsOf(context) });
  return classifier.ok ? ok({ classifier: classifier.value, classes }) : classifier;
}

function noDataset(model: string): Result<never> {
  return err(
    thawError('usage', `${model} is no run, so it has no images of its own to be measured on.`, {
      expected: 'a dataset',
      remedy: `thaw evaluate ${model} DATASET`,
    }),
  );
}

/** Labelled images and where they lie. */
interface Labelled {
  readonly source: DatasetSource;
  readonly name: string;
  readonly images: readonly SplitEntry[];
  /** Classes the images were sorted into; none for a run's own images. */
  readonly classes: readonly string[];
}

async function scanned(location: string, context: JobContext): Promise<Result<Labelled>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  const dataset = await scanDataset(source.value, context, { minimumClasses: 1 });
  if (!dataset.ok) {
    await source.value.close();
    return dataset;
  }
  const { name, images, classes } = dataset.value;
  return ok({ source: source.value, name, images, classes });
}

async function ownValidation(run: string): Promise<Result<Labelled>> {
  const file = await readRunFile(run);
  if (!file.ok) return file;
  const split = await readSplit(run);
  if (!split.ok) return split;
  const { settings } = file.value;
  const source = await openDataset(settings.validation ?? settings.dataset);
  if (!source.ok) return source;
  const images = split.value?.validation ?? [];
  return ok({ source: source.value, name: source.value.name, images, classes: [] });
}

async function evaluateOn(
  classifier: Classifier,
  source: DatasetSource,
  { images, name }: Labelled,
  classes: readonly string[],
  context: JobContext,
): Promise<Result<Evaluation>> {
  const decoder = createDecoder();
  const { target } = classifier;
  const size = target.width * target.height * 3;
  const probabilities = new Float32Array(images.length * classes.length);
  const labels: number[] = [];
  const names: string[] = [];
  let batch: Uint8Array[] = [];
  let failed = 0;
  const flush = async (): Promise<void> => {
    const pixels = new Uint8Array(batch.length * size);
    for (const [index, image] of batch.entries()) pixels.set(image, index * size);
    const first = labels.length - batch.length;
    probabilities.set(await classifier.run(pixels, batch.length), first * classes.length);
    batch = [];
    const done = labels.length + failed;
    context.emit({ type: 'progress', what: `evaluating ${name}`, done, total: images.length });
    await context.gate();
  };
  try {
    for await (const { index, pixels } of decoder.decode(source, images, target, context.signal)) {
      const image = images[index];
      if (image === undefined || !pixels.ok) {
        failed += 1;
        continue;
      }
      labels.push(classes.indexOf(image.label));
      names.push(image.path);
      batch.push(pixels.value);
      if (batch.length === batchSize) await flush();
    }
    if (batch.length > 0) await flush();
  } finally {
    await decoder.close();
  }
  if (failed > 0) {
    const message = `${failed} images could not be decoded and are not counted.`;
    context.emit({ type: 'log', level: 'warning', message });
  }
  if (labels.length === 0) return err(thawError('input-corrupt', `No image of ${name} can be decoded.`));
  return ok(evaluatePredictions(probabilities, labels, classes, names));
}

function checkLabels(dataset: Pick<Dataset, 'classes' | 'name'>, classes: readonly string[]): Result<void> {
  const unknown = dataset.classes.filter((name) => !classes.includes(name));
  if (unknown.length === 0) return ok(undefined);
  return err(
    thawError('labels-differ', `${dataset.name} has classes the model was not trained for.`, {
      expected: classes.join(', '),
      found: unknown.join(', '),
      remedy: 'Give the class folders the names the model knows, or leave the others out.',
    }),
  );
}

async function warnOfTrained(run: string, { images, name }: Labelled, context: JobContext): Promise<void> {
  const split = await readSplit(run);
  if (!split.ok || split.value === null) return;
  const trained = new Set(split.value.train.map(({ id }) => id));
  const count = images.filter(({ id }) => trained.has(id)).length;
  if (count === 0) return;
  const message = `The model was trained on ${count} of the ${images.length} images of ${name}: the accuracy flatters it.`;
  context.emit({ type: 'log', level: 'warning', message });
}
