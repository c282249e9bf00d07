import type { Finding, ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';
import { compareCodePoints } from '../codePoints.ts';

/** Which split keeps an image that stands in several: measurements stay honest, training gives it up. */
const keepFirst: readonly (SplitName | null)[] = ['test', 'validation', 'train', null];

/**
 * Resolves exact duplicates (equal `id`). One content in two classes says nothing certain, so all of it is left out
 * (`label-conflict`). In two splits, the copy in test, else validation, stays (`split-leak`). Otherwise the first
 * by path stays (`duplicate`). Returns the kept images in code-point order of their paths.
 * @param repeated the only contents there can be more than one file of, where that is known.
 */
export function resolveDuplicates(
  images: readonly ImageRecord[],
  repeated?: ReadonlySet<string>,
): {
  kept: ImageRecord[];
  findings: Finding[];
} {
  const groups = new Map<string, ImageRecord[]>();
  const kept: ImageRecord[] = [];
  for (const image of images) {
    const group = groups.get(image.id);
    if (repeated?.has(image.id) === false) kept.push(image);
    else if (group === undefined) groups.set(image.id, [image]);
    else group.push(image);
  }
  const findings: Finding[] = [];
  for (const group of groups.values()) {
    group.sort(byPath);
    const [first] = group;
    if (first === undefined) continue;
    const paths = group.map((image) => image.path);
    const labels = [...new Set(group.map((image) => image.label))];
    if (labels.length > 1) {
      findings.push({
        kind: 'label-conflict',
        severity: 'error',
        paths,
        message: `The same image stands in the classes ${labels.join(', ')}: ${paths.join(', ')}. All copies were left out.`,
        excluded: true,
      });
      continue;
    }
    const split = keepFirst.find((name) => group.some((image) => sideOf(image) === name)) ?? null;
    const keep = group.find((image) => sideOf(image) === split) ?? first;
    kept.push(keep);
    const leaked = group.filter((image) => side(sideOf(image)) !== side(split));
    const repeated = group.filter((image) => image !== keep && side(sideOf(image)) === side(split));
    if (leaked.length > 0) {
      const names = [...new Set(leaked.map((image) => side(sideOf(image))))].join(' and ');
      findings.push({
        kind: 'split-leak',
        severity: 'error',
        paths: leaked.map((image) => image.path),
        message: `${leaked.map((image) => image.path).join(', ')} in ${names} is the same image as ${keep.path} in ${side(split)}; it was left out of ${names}.`,
        excluded: true,
      });
    }
    if (repeated.length > 0) {
      findings.push({
        kind: 'duplicate',
        severity: 'warning',
        paths: repeated.map((image) => image.path),
        message: `${repeated.map((image) => image.path).join(', ')} has the same bytes as ${keep.path}; only ${keep.path} is used.`,
        excluded: true,
      });
    }
  }
  return { kept: kept.sort(byPath), findings };
}

/** The side the user or the source names. */
function sideOf({ split, pinned }: ImageRecord): SplitName | null {
  return pinned ?? split;
}

function side(split: SplitName | null): SplitName {
  return split ?? 'train';
}

function byPath(a: ImageRecord, b: ImageRecord): number {
  return compareCodePoints(a.path, b.path);
}
