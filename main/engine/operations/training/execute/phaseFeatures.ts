import type { ImageRecord } from '../../../../../shared/domain/dataset.ts';
import { viewNumber } from '../../../../../shared/domain/views.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { ThawFailure, thawError } from '../../../../../shared/errors.ts';
import type { Decoder } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { ViewChoice } from '../../../training/augment/sampleView.ts';
import type { BatchSource } from '../../../training/batches/batchSource.ts';
import { streamSource } from '../../../training/batches/streamSource.ts';
import type { LabelledImages } from '../../../training/batches/tableSource.ts';
import { tableSource } from '../../../training/batches/tableSource.ts';
import type { ExtractRequest, NumberedView } from '../../../training/features/extractFeatures.ts';
import { extractFeatures } from '../../../training/features/extractFeatures.ts';
import type { FeatureTable } from '../../../training/features/featureTable.ts';
import { memoryBudget } from '../../../training/features/featureTable.ts';
import { rowCodec } from '../../../training/features/rowCodec.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';
import type { Side } from '../prepare/trainingData.ts';
import type { PhasePrefix } from './phasePrefix.ts';
import { extractionOf } from './phasePrefix.ts';

/** A phase's images at its frontier. */
export interface PhaseFeatures {
  readonly train: BatchSource;
  readonly validation: BatchSource;
  /** What computes them now. */
  readonly provider: string;
  readonly seconds: number;
  readonly failed: FeatureTable['failed'];
  close(): Promise<void>;
}

/**
 * Runs the frozen prefix of a phase over all images that are not in the cache. With augmentation, the training images'
 * variations are computed in the epoch that first wants them. The prefix is disposed with the features.
 */
export async function phaseFeatures(
  preparation: Preparation,
  prefix: PhasePrefix,
  decoder: Decoder,
  context: JobContext,
): Promise<Result<PhaseFeatures>> {
  const started = performance.now();
  const closing: (() => Promise<void>)[] = [() => prefix.dispose()];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  const opened = await openSides(preparation, prefix, decoder, closing, context).catch(
    async (cause: unknown) => {
      await close();
      throw cause;
    },
  );
  if (!opened.ok) {
    await close();
    return opened;
  }
  const seconds = (performance.now() - started) / 1000;
  return ok({
    ...opened.value,
    get provider() {
      return prefix.provider;
    },
    seconds,
    close,
  });
}

async function openSides(
  preparation: Preparation,
  prefix: PhasePrefix,
  decoder: Decoder,
  closing: (() => Promise<void>)[],
  context: JobContext,
): Promise<Result<Pick<PhaseFeatures, 'train' | 'validation' | 'failed'>>> {
  const { train, validation, settings } = preparation;
  const { classes } = preparation.dataset;
  const request = extractionOf(preparation, prefix, decoder, context);
  const { augment } = settings;
  const plainParts = augment === 'none' ? [train, validation] : [validation];
  const plain = await extractFeatures({ ...request, parts: plainParts }, context);
  if (!plain.ok) return plain;
  closing.push(() => plain.value.close());
  const { failed } = plain.value;
  const tableSides = (side: Side): BatchSource =>
    tableSource(prefix.outputs, labelled(side, plain.value, classes), () => Promise.resolve(plain.value));
  const sides = {
    validation: tableSides(validation),
    train:
      augment === 'none'
        ? tableSides(train)
        : augmentedSource(preparation, augment, request, closing, context),
  };
  if (sides.train.labels.length > 0 && sides.validation.labels.length > 0) return ok({ ...sides, failed });
  return err(
    thawError('input-corrupt', 'None of the images can be decoded any more.', {
      ...(failed[0] && { found: failed[0].error.message }),
    }),
  );
}

/** Training images in random variations: kept views that come round again, or new ones every epoch. */
function augmentedSource(
  { train, settings, dataset }: Preparation,
  strength: ViewChoice['strength'],
  request: Omit<ExtractRequest, 'parts'>,
  closing: (() => Promise<void>)[],
  context: JobContext,
): BatchSource {
  const { augmentViews, augmentFlip: flip, seed } = settings;
  const choice: ViewChoice = { strength, flip, seed };
  const all = {
    ids: train.images.map(({ id }) => id),
    labels: Int32Array.from(train.images, ({ label }) => dataset.classes.indexOf(label)),
    weights: weightsOf(train.images),
  };
  const isUseless = request.key.encoding === 'pixels';
  if (augmentViews === 0 || isUseless) {
    const { decoder, target, prefix, key } = request;
    const codec = rowCodec(key.encoding, key.preprocess);
    return streamSource(
      { ...train, labels: all.labels, weights: all.weights, decoder, target, prefix, codec, view: choice },
      context,
    );
  }
  const tables = new Map<number, FeatureTable>();
  return tableSource(request.prefix.outputs, all, async (epoch) => {
    const number = viewNumber(epoch, augmentViews);
    const known = tables.get(number);
    if (known !== undefined) return known;
    const view: NumberedView = { ...choice, number };
    const memoryBytes = memoryBudget() / augmentViews;
    const table = await extractFeatures({ ...request, parts: [train], view, memoryBytes }, context);
    if (!table.ok) throw new ThawFailure(table.error);
    tables.set(number, table.value);
    closing.push(() => table.value.close());
    return table.value;
  });
}

/** The images of a side that have features. */
function labelled({ images }: Side, table: FeatureTable, classes: readonly string[]): LabelledImages {
  const here = images.filter(({ id }) => table.has(id));
  return {
    ids: here.map(({ id }) => id),
    labels: Int32Array.from(here, ({ label }) => classes.indexOf(label)),
    weights: weightsOf(here),
  };
}

/** The images' weights in the loss; null where none is given. */
function weightsOf(images: readonly ImageRecord[]): Float32Array | null {
  if (images.every(({ weight }) => weight === undefined)) return null;
  return Float32Array.from(images, ({ weight }) => weight ?? 1);
}
