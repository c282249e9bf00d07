import type { Dataset, ImageRecord } from '../../../../../shared/domain/dataset.ts';
import type { TrainSettings } from '../../../../../shared/domain/run.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { DatasetSource, HeldPixels } from '../../../dataset/index.ts';
import { scanDataset, splitDataset } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';

/** One side of the split: where its images lie, and which they are. */
export interface Side {
  readonly source: DatasetSource;
  readonly images: readonly ImageRecord[];
}

/** A dataset and what was seen of it. */
export interface Scanned {
  readonly source: DatasetSource;
  readonly dataset: Dataset;
}

/** How training looks at a dataset. */
export interface TrainingScan {
  readonly minimumClasses: number;
  /** Takes the images' pixels, so that the features can be computed without decoding again. */
  readonly held: HeldPixels | null;
  /** See SurveyOptions. */
  readonly whenBusy?: () => void;
}

/** Looks at every image of a dataset once, for what keeps it from being trained on. Errors: those of scanDataset. */
export async function scanForTraining(
  source: DatasetSource,
  { minimumClasses, held, whenBusy }: TrainingScan,
  context: JobContext,
): Promise<Result<Scanned>> {
  const dataset = await scanDataset(source, context, {
    minimumClasses,
    // Images that look alike are for `inspect` and the studio to find.
    perceptual: false,
    ...(held !== null && { held }),
    ...(whenBusy !== undefined && { whenBusy }),
  });
  return dataset.ok ? ok({ source, dataset: dataset.value }) : dataset;
}

/** Which images are trained on and which validated on. Errors: labels-differ, input-empty. */
export function sidesOf(
  settings: TrainSettings,
  main: Scanned,
  other: Scanned | null,
): Result<{ train: Side; validation: Side }> {
  if (other === null) {
    const split = splitDataset(main.dataset, settings);
    if (!split.ok) return split;
    const { source } = main;
    const { train, validation } = split.value;
    return ok({ train: { source, images: train }, validation: { source, images: validation } });
  }
  const unknown = other.dataset.classes.filter((name) => !main.dataset.classes.includes(name));
  if (unknown.length > 0)
    return err(
      thawError(
        'labels-differ',
        `${other.dataset.name} has classes that ${main.dataset.name} does not have.`,
        {
          expected: main.dataset.classes.join(', '),
          found: unknown.join(', '),
          remedy: 'Give both the same class names.',
        },
      ),
    );
  const held = new Set(other.dataset.images.map(({ id }) => id));
  const train = main.dataset.images.filter(({ id, split }) => split !== 'test' && !held.has(id));
  if (train.length === 0)
    return err(
      thawError('input-empty', `Every image of ${main.dataset.name} is also in ${other.dataset.name}.`, {
        remedy: 'Validate on images that are not trained on.',
      }),
    );
  return ok({
    train: { source: main.source, images: train },
    validation: { source: other.source, images: other.dataset.images },
  });
}

/** How many files are left out, as one notice; none when all are used. */
export function excludedNotice(dataset: Dataset): string[] {
  const excluded = new Set(dataset.findings.filter((one) => one.excluded).flatMap(({ paths }) => paths));
  if (excluded.size === 0) return [];
  return [
    `${excluded.size} of the files in ${dataset.name} ${excluded.size === 1 ? 'is' : 'are'} not used; \`thaw inspect\` says which and why.`,
  ];
}
