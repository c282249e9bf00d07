import { createHash } from 'node:crypto';
import type { Dataset, ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';

export interface Split {
  readonly train: readonly ImageRecord[];
  readonly validation: readonly ImageRecord[];
  readonly test: readonly ImageRecord[];
}

export interface SplitOptions {
  /** Share of the training images to validate on, in (0, 1); unused where the source names a validation split. */
  readonly validationSplit: number;
  /** Share of the images held out for a test, in [0, 1); unused where the source names a test split. Default 0. */
  readonly testSplit?: number;
  readonly seed: number;
}

/**
 * Splits by content: an image is validated on if a hash of the seed and its bytes falls below the share, and tested on
 * if it falls into the last `testSplit` of the range. So equal files are on one side, an image's side does not change
 * when others are added, and each class is cut in the same proportion up to chance. A class of two or more images has
 * at least one on each side, one of three or more one to test on as well if any share is (the places where added
 * images can move another); a class of one is trained on. A split that the source names is kept; a pinned image is
 * where the user put it. Errors: `input-empty` when a side is empty.
 */
export function splitDataset(
  dataset: Dataset,
  { validationSplit, testSplit = 0, seed }: SplitOptions,
): Result<Split> {
  const hasValidation = dataset.images.some(({ split }) => split === 'validation');
  const hasTest = dataset.images.some(({ split }) => split === 'test');
  const open = dataset.images.filter(({ split, pinned }) => !pinned && (split === 'train' || split === null));
  const shares = { validation: hasValidation ? 0 : validationSplit, test: hasTest ? 0 : testSplit };
  const bounds = drawBounds(open, shares, seed);
  const sideOf = (image: ImageRecord): SplitName => {
    const { split, pinned, label } = image;
    if (pinned) return pinned;
    if (split === 'validation' || split === 'test') return split;
    const value = draw(seed, image);
    const { validation, test } = bounds.get(label) ?? nothingDrawn;
    return value <= validation ? 'validation' : value >= test ? 'test' : 'train';
  };
  const sides: Record<SplitName, ImageRecord[]> = { train: [], validation: [], test: [] };
  for (const image of dataset.images) sides[sideOf(image)].push(image);
  const { train, validation, test } = sides;
  if (train.length === 0 || validation.length === 0) {
    return err(
      thawError(
        'input-empty',
        `${dataset.name} leaves nothing to ${train.length === 0 ? 'train' : 'validate'} on.`,
        {
          expected: 'at least two images in a class, or a validation split that is not empty',
          found: `${train.length} to train on, ${validation.length} to validate on, ${test.length} to test on`,
          remedy: 'Add images.',
        },
      ),
    );
  }
  return ok({ train, validation, test });
}

/** Where a class's draws end that are validated on, and those begin that are tested on. */
interface Bounds {
  readonly validation: number;
  readonly test: number;
}

const nothingDrawn: Bounds = { validation: -Infinity, test: Infinity };

interface Shares {
  readonly validation: number;
  readonly test: number;
}

function drawBounds(
  images: readonly ImageRecord[],
  shares: Shares,
  seed: number,
): ReadonlyMap<string, Bounds> {
  const byClass = new Map<string, number[]>();
  for (const image of images) {
    const draws = byClass.get(image.label);
    if (draws === undefined) byClass.set(image.label, [draw(seed, image)]);
    else draws.push(draw(seed, image));
  }
  return new Map([...byClass].map(([label, draws]) => [label, boundsOf(draws, shares)]));
}

function boundsOf(draws: readonly number[], shares: Shares): Bounds {
  // Equal files draw the same and count once.
  const values = Float64Array.from(new Set(draws)).sort();
  // What is left of a class must still be trained on.
  const room = values.length - 1;
  const countOf = (share: number, within: number, free: number): number =>
    share === 0 || free < 1 ? 0 : Math.min(Math.max(within, 1), free);
  const below = values.filter((value) => value < shares.validation).length;
  const validated = countOf(shares.validation, below, room);
  const above = values.filter((value) => value >= 1 - shares.test).length;
  const tested = countOf(shares.test, above, room - validated);
  return {
    validation: validated === 0 ? -Infinity : (values[validated - 1] ?? -Infinity),
    test: tested === 0 ? Infinity : (values[values.length - tested] ?? Infinity),
  };
}

/** The last draw of each image: a project's split is looked at again after every decision. */
const lastDraws = new WeakMap<ImageRecord, { readonly seed: number; readonly value: number }>();

/** Uniform in [0, 1): 48 bits of SHA-256 of seed and content hash. */
function draw(seed: number, image: ImageRecord): number {
  const before = lastDraws.get(image);
  if (before?.seed === seed) return before.value;
  const value = createHash('sha256').update(`${seed}:${image.id}`).digest().readUIntBE(0, 6) / 2 ** 48;
  lastDraws.set(image, { seed, value });
  return value;
}
