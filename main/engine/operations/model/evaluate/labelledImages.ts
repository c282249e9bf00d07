import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { DatasetSource, DecodeTarget } from '../../../dataset/index.ts';
import { HeldPixels, openDataset, scanDataset } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { SplitEntry } from '../../../project/run/runFolder.ts';
import { readRunFile, readSplit } from '../../../project/run/runFolder.ts';

/** Labelled images and where they lie. */
export interface LabelledImages {
  readonly source: DatasetSource;
  readonly name: string;
  readonly images: readonly SplitEntry[];
  /** Classes the images were sorted into; none for a run's own images. */
  readonly classes: readonly string[];
  /** Pixels of images that were decoded to look at them. */
  readonly held: HeldPixels | null;
}

/**
 * Every usable image of a dataset. Errors: those of opening and scanning it.
 * @param target what the images are measured as: what is decoded is decoded to that.
 */
export async function imagesOf(
  location: string,
  target: DecodeTarget,
  context: JobContext,
): Promise<Result<LabelledImages>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  const held = new HeldPixels(target);
  // Which images look alike is for `inspect` and the studio to find.
  const options = { minimumClasses: 1, perceptual: false, held };
  const dataset = await scanDataset(source.value, context, options);
  if (!dataset.ok) {
    await source.value.close();
    return dataset;
  }
  const { name, images, classes } = dataset.value;
  return ok({ source: source.value, name, images, classes, held });
}

/** The images a run was validated on. */
export async function validationImagesOf(run: string): Promise<Result<LabelledImages>> {
  const file = await readRunFile(run);
  if (!file.ok) return file;
  const split = await readSplit(run);
  if (!split.ok) return split;
  const { settings } = file.value;
  const source = await openDataset(settings.validation ?? settings.dataset);
  if (!source.ok) return source;
  const images = split.value?.validation ?? [];
  return ok({ source: source.value, name: source.value.name, images, classes: [], held: null });
}

/** Whether all classes of images are among those of a model. Errors: labels-differ. */
export function checkLabels(
  images: Pick<LabelledImages, 'classes' | 'name'>,
  classes: readonly string[],
): Result<void> {
  const unknown = images.classes.filter((name) => !classes.includes(name));
  if (unknown.length === 0) return ok(undefined);
  return err(
    thawError('labels-differ', `${images.name} has classes the model was not trained for.`, {
      expected: classes.join(', '),
      found: unknown.join(', '),
      remedy: 'Give the class folders the names the model knows, or leave the others out.',
    }),
  );
}

/** Warns of images the run was trained on. */
export async function warnOfTrained(
  run: string,
  { images, name }: LabelledImages,
  context: JobContext,
): Promise<void> {
  const split = await readSplit(run);
  if (!split.ok || split.value === null) return;
  const trained = new Set(split.value.train.map(({ id }) => id));
  const count = images.filter(({ id }) => trained.has(id)).length;
  if (count === 0) return;
  const message = `The model was trained on ${count} of the ${images.length} images of ${name}: the accuracy flatters it.`;
  context.emit({ type: 'log', level: 'warning', message });
}
