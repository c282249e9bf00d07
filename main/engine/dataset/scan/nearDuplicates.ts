import type { Finding, ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';
import type { Likeness } from './likeness.ts';
import { eachPair, likenessOf } from './likeness.ts';

/**
 * Groups of images that look nearly the same, by their perceptual hashes; of exact duplicates only one should be
 * among them. The groups come in the order of their first images.
 * @param likeness of these images or more, where it is known already.
 */
export function nearDuplicates(images: readonly ImageRecord[], likeness?: Likeness): ImageRecord[][] {
  const hashed = images.filter((image) => image.perceptual !== undefined);
  const { numbers, pairs } = likeness ?? likenessOf(hashed.map(({ perceptual = '' }) => perceptual));
  const groups = new UnionFind(numbers.size);
  const isHere = new Uint8Array(numbers.size);
  const numberOf = hashed.map(({ perceptual = '' }) => numbers.get(perceptual) ?? 0);
  for (const number of numberOf) isHere[number] = 1;
  if (pairs === null) joinAmong([...numbers.keys()], isHere, groups);
  else
    for (let at = 0; at < pairs.length; at += 2) {
      const [one = 0, other = 0] = [pairs[at], pairs[at + 1]];
      if (isHere[one] === 1 && isHere[other] === 1) groups.join(one, other);
    }
  const found = new Map<number, ImageRecord[]>();
  const members = new Uint32Array(numbers.size);
  for (const number of numberOf) members[groups.find(number)] = (members[groups.find(number)] ?? 0) + 1;
  for (const [index, image] of hashed.entries()) {
    const root = groups.find(numberOf[index] ?? 0);
    if ((members[root] ?? 0) < 2) continue;
    const group = found.get(root);
    if (group === undefined) found.set(root, [image]);
    else group.push(image);
  }
  return [...found.values()];
}

/** Joins what is close, searching only among the hashes of images that are here. */
function joinAmong(hashes: readonly string[], isHere: Uint8Array, groups: UnionFind): void {
  const here = hashes.flatMap((_, number) => (isHere[number] === 1 ? [number] : []));
  eachPair(
    here.map((number) => hashes[number] ?? ''),
    (one, other) => {
      groups.join(here[one] ?? 0, here[other] ?? 0);
      return true;
    },
  );
}

/** What is worth saying about groups of nearly equal images. They are used all the same. */
export function nearFindings(groups: readonly (readonly ImageRecord[])[]): Finding[] {
  return groups.map((group) => {
    const paths = group.map(({ path }) => path);
    const labels = [...new Set(group.map(({ label }) => label))];
    const where = labels.length > 1 ? `, in the classes ${labels.join(', ')}` : '';
    return {
      kind: 'near-duplicate',
      severity: 'warning',
      paths,
      message: `${named(paths)} look nearly the same${where}.`,
      excluded: false,
    };
  });
}

/** Groups that stand on both sides of a split: what is measured on one was learned from the other. */
export function nearLeaks(
  groups: readonly (readonly ImageRecord[])[],
  sideOf: (image: ImageRecord) => SplitName,
): Finding[] {
  return groups.flatMap((group): Finding[] => {
    const sides = new Set(group.map(sideOf));
    if (!sides.has('train') || sides.size === 1) return [];
    const paths = group.map(({ path }) => path);
    const held = [...sides].filter((side) => side !== 'train').join(' and ');
    const message = `${named(paths)} look nearly the same and stand in train and in ${held}: the accuracy measured there flatters.`;
    return [{ kind: 'split-leak', severity: 'warning', paths, message, excluded: false }];
  });
}

function named(paths: readonly string[]): string {
  return paths.length <= 4
    ? paths.join(', ')
    : `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more`;
}

class UnionFind {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, index) => index);
  }

  find(index: number): number {
    let root = index;
    for (let parent = this.#parents[root] ?? root; parent !== root; parent = this.#parents[root] ?? root)
      root = parent;
    this.#parents[index] = root;
    return root;
  }

  join(a: number, b: number): void {
    this.#parents[this.find(a)] = this.find(b);
  }
}
