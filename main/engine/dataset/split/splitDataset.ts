import { createHash } from 'node:crypto';
import type { Dataset, ImageRecord } from '../../../../shared/domain/dataset.ts';
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
  readonly seed: number;
}

/**
 * Splits by content: an image is validated on if a hash of the seed and its bytes falls below the share. So equal
 * files are on one side, an image's side does not change when others are added, and each class is cut in the same
 * proportion up to chance. A class of two or more images has at least one on each side (the one place where added
 * images can move another); a class of one is trained on. A split that the source names is kept.
 * Errors: `input-empty` when a side is empty.
 */
export function splitDataset(dataset: Dataset, { validationSplit, seed }: SplitOptions): Result<Split> {
  const test = dataset.images.filter(({ split }) => split === 'test');
  const named = dataset.images.filter(({ split }) => split === 'validation');
  const rest = dataset.images.filter(({ split }) => split === 'train' || split === null);
  const chosen = named.length > 0 ? null : chooseValidation(rest, validationSplit, seed);
  const validation = chosen === null ? named : rest.filter(({ id }) => chosen.has(id));
  const train = chosen === null ? rest : rest.filter(({ id }) => !chosen.has(id));
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

function chooseValidation(images: readonly ImageRecord[], share: number, seed: number): Set<string> {
  const byClass = new Map<string, Map<string, number>>();
  for (const { label, id } of images) {
    const draws = byClass.get(label) ?? new Map<string, number>();
    byClass.set(label, draws.set(id, draw(seed, id)));
  }
  const chosen = new Set<string>();
  for (const draws of byClass.values()) {
    if (draws.size < 2) continue;
    const ids = [...draws].sort(([, a], [, b]) => a - b);
    const below = ids.filter(([, value]) => value < share).length;
    const count = Math.min(Math.max(below, 1), ids.length - 1);
    for (const [id] of ids.slice(0, count)) chosen.add(id);
  }
  return chosen;
}

/** Uniform in [0, 1): 48 bits of SHA-256 of seed and content hash. */
function draw(seed: number, id: string): number {
  return createHash('sha256').update(`${seed}:${id}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
