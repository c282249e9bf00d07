/**
 * Most differing bits of two images that count as nearly the same. Measured on photos (Caltech-101, tf_flowers: 679
 * different images, 2 of 123,000 pairs within 8 bits) against the same photos at half size, JPEG quality 40 and 15 %
 * brighter (96 to 100 % within 6).
 */
const mostBits = 6;

/** A hash is looked up in four parts; two hashes within 7 bits agree in one of them but for at most one bit. */
const parts = 4;
const values = 1 << 16;

/** Beyond so many pairs (a set of little but one scene) they are not kept. */
const mostPairs = 2_000_000;

/** Which perceptual hashes are close to which: what a dataset's groups follow from, whichever images are left out. */
export interface Likeness {
  /** The number of each different hash. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Two numbers for each close pair; null: too many, so that they are searched for among the images there are. */
  readonly pairs: Uint32Array | null;
}

/**
 * Finds all pairs of close hashes. Multi-index hashing: Norouzi, Punjani and Fleet, Fast Search in Hamming Space, 2012.
 * @param hashes 64 bits, hex; the same one may come more than once.
 */
export function likenessOf(hashes: Iterable<string>): Likeness {
  const numbers = new Map<string, number>();
  for (const hash of hashes) if (!numbers.has(hash)) numbers.set(hash, numbers.size);
  const pairs: number[] = [];
  const isWhole = eachPair([...numbers.keys()], (one, other) => {
    pairs.push(one, other);
    return pairs.length < 2 * mostPairs;
  });
  return { numbers, pairs: isWhole ? Uint32Array.from(pairs) : null };
}

/** Visits every pair of close hashes at least once, until `visit` says no: then it is false. */
export function eachPair(hashes: readonly string[], visit: (one: number, other: number) => boolean): boolean {
  const count = hashes.length;
  const high = Uint32Array.from(hashes, (hash) => parseInt(hash.slice(0, 8), 16));
  const low = Uint32Array.from(hashes, (hash) => parseInt(hash.slice(8), 16));
  for (let part = 0; part < parts; part += 1) {
    const half = part < 2 ? high : low;
    const shift = part % 2 === 0 ? 16 : 0;
    const { start, order } = bucketsOf(half, shift);
    for (let one = 0; one < count; one += 1) {
      const value = ((half[one] ?? 0) >>> shift) & 0xffff;
      const [ownHigh, ownLow] = [high[one] ?? 0, low[one] ?? 0];
      for (let flip = -1; flip < 16; flip += 1) {
        const near = flip < 0 ? value : value ^ (1 << flip);
        const end = start[near + 1] ?? 0;
        for (let at = start[near] ?? 0; at < end; at += 1) {
          const other = order[at] ?? 0;
          // Numbers rise within a bucket.
          if (other >= one) break;
          const bits = bitsOf(ownHigh ^ (high[other] ?? 0)) + bitsOf(ownLow ^ (low[other] ?? 0));
          if (bits <= mostBits && !visit(one, other)) return false;
        }
      }
    }
  }
  return true;
}

/** Indices ordered by 16 bits of their values: those of bits v lie in `order` from `start[v]` to `start[v + 1]`. */
function bucketsOf(half: Uint32Array, shift: number): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(values + 1);
  const bucket = (index: number): number => ((half[index] ?? 0) >>> shift) & 0xffff;
  for (let index = 0; index < half.length; index += 1)
    start[bucket(index) + 1] = (start[bucket(index) + 1] ?? 0) + 1;
  for (let value = 0; value < values; value += 1)
    start[value + 1] = (start[value + 1] ?? 0) + (start[value] ?? 0);
  const next = start.slice();
  const order = new Int32Array(half.length);
  for (let index = 0; index < half.length; index += 1) {
    const value = bucket(index);
    const at = next[value] ?? 0;
    order[at] = index;
    next[value] = at + 1;
  }
  return { start, order };
}

/** How many of 32 bits are set (Warren, Hacker's Delight, figure 5-2). */
function bitsOf(word: number): number {
  let sum = word - ((word >>> 1) & 0x5555_5555);
  sum = (sum & 0x3333_3333) + ((sum >>> 2) & 0x3333_3333);
  sum = (sum + (sum >>> 4)) & 0x0f0f_0f0f;
  return Math.imul(sum, 0x0101_0101) >>> 24;
}
