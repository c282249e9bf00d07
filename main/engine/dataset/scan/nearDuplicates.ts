import type { Finding, ImageRecord, SplitName } from '../../../../shared/domain/dataset.ts';

/**
 * Most differing bits of two images that count as nearly the same. Measured on photos (Caltech-101, tf_flowers: 679
 * different images, 2 of 123,000 pairs within 8 bits) against the same photos at half size, JPEG quality 40 and 15 %
 * brighter (96 to 100 % within 6).
 */
const mostBits = 6;

/** A hash is looked up in four parts; two hashes within 7 bits agree in one of them but for at most one bit. */
const parts = 4;
const values = 1 << 16;

/**
 * Groups of images that look nearly the same, by their perceptual hashes; of exact duplicates only one should be
 * among them. Multi-index hashing: Norouzi, Punjani and Fleet, Fast Search in Hamming Space, 2012.
 */
export function nearDuplicates(images: readonly ImageRecord[]): ImageRecord[][] {
  const hashed = images.filter((image) => image.perceptual !== undefined);
  const bits = new Uint16Array(hashed.length * parts);
  for (const [index, { perceptual = '' }] of hashed.entries())
    for (let part = 0; part < parts; part++)
      bits[index * parts + part] = parseInt(perceptual.slice(part * 4, part * 4 + 4), 16);
  const groups = new UnionFind(hashed.length);
  for (let part = 0; part < parts; part++) {
    const { start, order } = bucketsOf(bits, part, hashed.length);
    for (let index = 0; index < hashed.length; index++) {
      const value = bits[index * parts + part] ?? 0;
      for (let flip = -1; flip < 16; flip++) {
        const near = flip < 0 ? value : value ^ (1 << flip);
        for (let at = start[near] ?? 0; at < (start[near + 1] ?? 0); at++) {
          const other = order[at] ?? 0;
          if (other < index && distance(bits, index, other) <= mostBits) groups.join(index, other);
        }
      }
    }
  }
  const found = new Map<number, ImageRecord[]>();
  for (const [index, image] of hashed.entries()) {
    const root = groups.find(index);
    const group = found.get(root);
    if (group === undefined) found.set(root, [image]);
    else group.push(image);
  }
  return [...found.values()].filter((group) => group.length > 1);
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

/** Indices ordered by one part's value: those of value v lie in `order` from `start[v]` to `start[v + 1]`. */
function bucketsOf(bits: Uint16Array, part: number, count: number): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(values + 1);
  for (let index = 0; index < count; index++) {
    const value = bits[index * parts + part] ?? 0;
    start[value + 1] = (start[value + 1] ?? 0) + 1;
  }
  for (let value = 0; value < values; value++)
    start[value + 1] = (start[value + 1] ?? 0) + (start[value] ?? 0);
  const next = start.slice();
  const order = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const value = bits[index * parts + part] ?? 0;
    const at = next[value] ?? 0;
    order[at] = index;
    next[value] = at + 1;
  }
  return { start, order };
}

function distance(bits: Uint16Array, a: number, b: number): number {
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    let rest = (bits[a * parts + part] ?? 0) ^ (bits[b * parts + part] ?? 0);
    for (; rest !== 0; rest &= rest - 1) sum += 1;
  }
  return sum;
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
