/**
 * The engine's only source of randomness: xoshiro128** (Blackman and Vigna 2018, "Scrambled linear pseudorandom
 * number generators", 1805.01407), its state filled by SplitMix32 from the seed and the name of a stream, so that
 * shuffling, initial weights and dropout of one run draw from sequences of their own.
 */
export type RandomState = readonly [number, number, number, number];

export interface Random {
  /** A whole number in [0, 2³²). */
  next(): number;
  /** A number in [from, to), 32 bits fine; [0, 1) when not told. */
  uniform(from?: number, to?: number): number;
  /** A normally distributed number (Box–Muller; two draws each). */
  normal(mean?: number, deviation?: number): number;
  /** A copy in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** Everything that decides the numbers to come; put it in a checkpoint. */
  getState(): RandomState;
  setState(state: RandomState): void;
}

/** The same seed and stream give the same numbers on every machine. */
export function createRandom(seed: number, stream: string): Random {
  const fill = splitMix32((seed ^ fnv1a(stream)) >>> 0);
  let state: [number, number, number, number] = [fill(), fill(), fill(), fill() | 1];

  function next(): number {
    const [a, b, c, d] = state;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const c2 = c ^ a;
    const d2 = d ^ b;
    state = [(a ^ d2) >>> 0, (b ^ c2) >>> 0, (c2 ^ (b << 9)) >>> 0, rotateLeft(d2, 11) >>> 0];
    return result;
  }

  function uniform(from = 0, to = 1): number {
    return from + (next() / 2 ** 32) * (to - from);
  }

  return {
    next,
    uniform,
    normal(mean = 0, deviation = 1) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return mean + deviation * radius * Math.cos(2 * Math.PI * uniform());
    },
    shuffle<T>(items: readonly T[]): T[] {
      const keyed = [...items];
      for (let last = keyed.length - 1; last > 0; last -= 1) {
        const other = Math.floor(uniform() * (last + 1));
        const [a, b] = [keyed[last] as T, keyed[other] as T];
        keyed[last] = b;
        keyed[other] = a;
      }
      return keyed;
    },
    getState: () => state,
    setState(saved) {
      state = [...saved];
    },
  };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function splitMix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** FNV-1a, 32 bits, over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
