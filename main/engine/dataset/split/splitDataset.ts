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
  const drawn = drawSides(open, shares, seed);
  const sideOf = ({ id, split, pinned }: ImageRecord): SplitName => {
    if (pinned) return pinned;
    return split === 'validation' || split === 'test' ? split : (drawn.get(id) ?? 'train');
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

/** The images that are drawn to validate and to test on, by content. */
function drawSides(
  images: readonly ImageRecord[],
  shares: { readonly validation: number; readonly test: number },
  seed: number,
): Map<string, 'validation' | 'test'> {
  const byClass = new Map<string, Map<string, number>>();
  for (const image of images) {
    const draws = byClass.get(image.label) ?? new Map<string, number>();
    byClass.set(image.label, draws.set(image.id, draw(seed, image)));
  }
  const drawn = new Map<string, 'validation' | 'test'>();
  for (const draws of byClass.values()) {
    const ids = [...draws].sort(([, a], [, b]) => a - b);
    // A content in two classes would be drawn twice; what is left of a class must still be trained on.
    let room = ids.length - 1;
    const take = (share: number, from: 'start' | 'end', side: 'validation' | 'test'): void => {
      if (share === 0 || room < 1) return;
      const within = ids.filter(([, value]) =>
        from === 'start' ? value < share : value >= 1 - share,
      ).length;
      const count = Math.min(Math.max(within, 1), room);
      room -= count;
      const some = from === 'start' ? ids.slice(0, count) : ids.slice(ids.length - count);
      for (const [id] of some) drawn.set(id, side);
    };
    take(shares.validation, 'start', 'validation');
    take(shares.test, 'end', 'test');
  }
  return drawn;
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
