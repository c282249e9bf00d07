import type { Dataset } from '../../../shared/domain/dataset.ts';
import type { Evaluation } from '../../../shared/domain/metrics.ts';
import { ThawFailure, thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { DatasetSource } from '../dataset/index.ts';
import { createDecoder, openDataset, scanDataset } from '../dataset/index.ts';
import { evaluatePredictions } from '../insight/evaluate.ts';
import type { JobContext } from '../jobs/context.ts';
import { readModel } from '../project/modelFolder.ts';
import type { SplitEntry } from '../project/runFolder.ts';
import { readRunFile, readSplit } from '../project/runFolder.ts';
import type { Classifier } from './classifier.ts';
import { openClassifier } from './classifier.ts';

const batchSize = 32;

/**
 * Measures a run's model on every usable image of a dataset, or, without one, on the images the run was validated on.
 * Warns about images the run was trained on.
 * Errors: those of the dataset room, input-missing, labels-differ, cancelled.
 */
export async function evaluate(
  run: string,
  location: string | null,
  context: JobContext,
): Promise<Result<Evaluation>> {
  const model = await readModel(run);
  if (!model.ok) return model;
  const { classes } = model.value.info;
  const images = location === null ? await ownValidation(run) : await scanned(location, classes, context);
  if (!images.ok) return images;
  const { source } = images.value;
  try {
    if (location !== null) await warnOfTrained(run, images.value, context);
    const classifier = await openClassifier(model.value);
    if (!classifier.ok) return classifier;
    try {
      return await evaluateOn(classifier.value, source, images.value, classes, context);
    } finally {
      await classifier.value.dispose();
    }
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    await source.close();
  }
}

/** Labelled images and where they lie. */
interface Labelled {
  readonly source: DatasetSource;
  readonly name: string;
  readonly images: readonly SplitEntry[];
}

async function scanned(
  location: string,
  classes: readonly string[],
  context: JobContext,
): Promise<Result<Labelled>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  const dataset = await scanDataset(source.value, context, { minimumClasses: 1 });
  const same = dataset.ok ? checkLabels(dataset.value, classes) : dataset;
  if (same.ok && dataset.ok)
    return ok({ source: source.value, name: dataset.value.name, images: dataset.value.images });
  await source.value.close();
  return same.ok ? err(thawError('internal', `${location} was not scanned.`)) : same;
}

async function ownValidation(run: string): Promise<Result<Labelled>> {
  const file = await readRunFile(run);
  if (!file.ok) return file;
  const split = await readSplit(run);
  if (!split.ok) return split;
  const { settings } = file.value;
  const source = await openDataset(settings.validation ?? settings.dataset);
  if (!source.ok) return source;
  return ok({ source: source.value, name: source.value.name, images: split.value?.validation ?? [] });
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

function checkLabels(dataset: Dataset, classes: readonly string[]): Result<void> {
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
