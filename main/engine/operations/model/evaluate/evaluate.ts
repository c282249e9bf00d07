import { stat } from 'node:fs/promises';
import type { Evaluation } from '../../../../../shared/domain/metrics.ts';
import { ThawFailure, thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { DecodeTarget } from '../../../dataset/index.ts';
import { createDecoder } from '../../../dataset/index.ts';
import { evaluatePredictions } from '../../../insight/evaluate.ts';
import type { JobContext } from '../../../jobs/context.ts';
import { warningsOf } from '../../../jobs/context.ts';
import type { Reading } from '../../../jobs/operations.ts';
import { isOwnModel, readModel } from '../../../project/modelFolder.ts';
import type { FrozenOptions } from '../../../training/features/frozen/openFrozenLayers.ts';
import { openClassifierFile, readClassifierFile } from '../../classifierFile.ts';
import type { Classifier } from '../classifier.ts';
import { openClassifier, targetOf } from '../classifier.ts';
import type { LabelledImages } from './labelledImages.ts';
import { checkLabels, imagesOf, validationImagesOf, warnOfTrained } from './labelledImages.ts';

const batchSize = 32;

/** A model that was read, before it is brought into its runtime. */
interface ReadClassifier {
  readonly target: DecodeTarget;
  readonly notices: readonly string[];
  /** What its outputs are called, for these images. Errors: labels-differ. */
  namesFor(images: LabelledImages): Result<readonly string[]>;
  open(options: FrozenOptions): Promise<Result<Classifier>>;
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
  if (location === null && !isOwn) return noDataset(model);
  const read = isOwn ? await readOwn(model) : await readForeign(model, reading);
  if (!read.ok) return read;
  const images =
    location === null
      ? await validationImagesOf(model)
      : await imagesOf(location, read.value.target, context);
  if (!images.ok) return images;
  try {
    for (const message of read.value.notices) context.emit({ type: 'log', level: 'warning', message });
    const classes = read.value.namesFor(images.value);
    if (!classes.ok) return classes;
    const classifier = await read.value.open({ onNotice: warningsOf(context) });
    if (!classifier.ok) return classifier;
    if (location !== null && isOwn) await warnOfTrained(model, images.value, context);
    try {
      return await evaluateOn(classifier.value, images.value, classes.value, context);
    } finally {
      await classifier.value.dispose();
    }
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    await images.value.source.close();
  }
}

async function readOwn(model: string): Promise<Result<ReadClassifier>> {
  const stored = await readModel(model);
  if (!stored.ok) return stored;
  const { classes } = stored.value.info;
  return ok({
    target: targetOf(stored.value),
    notices: [],
    namesFor: (images) => named(classes, images),
    open: (options) => openClassifier(stored.value, options),
  });
}

async function readForeign(model: string, reading: Reading): Promise<Result<ReadClassifier>> {
  const file = await readClassifierFile(model, reading);
  if (!file.ok) return file;
  const { target, notices, outputs } = file.value;
  return ok({
    target,
    notices,
    namesFor: (images) => {
      const classes = file.value.classes ?? images.classes;
      return classes.length === outputs ? named(classes, images) : otherNumber(outputs, classes, images);
    },
    open: (options) => openClassifierFile(file.value, options),
  });
}

function named(classes: readonly string[], images: LabelledImages): Result<readonly string[]> {
  const same = checkLabels(images, classes);
  return same.ok ? ok(classes) : same;
}

function otherNumber(outputs: number, classes: readonly string[], images: LabelledImages): Result<never> {
  return err(
    thawError('labels-differ', `${images.name} has another number of classes than the model.`, {
      expected: `${outputs} classes`,
      found: `${classes.length}: ${classes.slice(0, 10).join(', ')}`,
      remedy: 'Put labels.txt beside the model, with the names of its outputs, one a line.',
    }),
  );
}

function noDataset(model: string): Result<never> {
  return err(
    thawError('usage', `${model} is no run, so it has no images of its own to be measured on.`, {
      expected: 'a dataset',
      remedy: `thaw evaluate ${model} DATASET`,
    }),
  );
}

async function evaluateOn(
  classifier: Classifier,
  { source, images, name, held }: LabelledImages,
  classes: readonly string[],
  context: JobContext,
): Promise<Result<Evaluation>> {
  const decoder = createDecoder({ held: held ?? undefined });
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
