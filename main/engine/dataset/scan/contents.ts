import { compareCodePoints } from '../codePoints.ts';
import type { Likeness } from './likeness.ts';
import { likenessOf } from './likeness.ts';
import type { Outcome } from './survey.ts';

/** One file of a survey. */
export type FileOutcome = Extract<Outcome, { type: 'file' | 'unusable' }>;

/** What a survey says about contents and names, whatever is decided about the images later. */
export interface Contents {
  /** Every file, in code-point order of their paths. */
  readonly files: readonly FileOutcome[];
  /** Hashes of contents that more than one file has. */
  readonly repeated: ReadonlySet<string>;
  readonly likeness: Likeness;
}

const known = new WeakMap<readonly Outcome[], Contents>();

/** The contents of a survey, worked out once: a decision about 100,000 images would otherwise take seconds to follow. */
export function contentsOf(outcomes: readonly Outcome[]): Contents {
  const before = known.get(outcomes);
  if (before !== undefined) return before;
  const files = outcomes.filter((one) => one.type === 'file' || one.type === 'unusable');
  const images = files.flatMap((one) => (one.type === 'file' ? [one.image] : []));
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { id } of images) if (seen.size === seen.add(id).size) repeated.add(id);
  const contents = {
    files: files.sort((a, b) => compareCodePoints(pathOf(a), pathOf(b))),
    repeated,
    likeness: likenessOf(images.flatMap(({ perceptual }) => (perceptual === undefined ? [] : [perceptual]))),
  };
  known.set(outcomes, contents);
  return contents;
}

export function pathOf(outcome: FileOutcome): string {
  return outcome.type === 'file' ? outcome.image.path : outcome.path;
}
