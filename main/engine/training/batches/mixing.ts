import type { Random } from '../../network/index.ts';
import { createRandom, sizeOf } from '../../network/index.ts';
import type { FrontierOutput } from './batchSource.ts';

/** How images of a batch are mixed with one another; 0 turns a way off, and with both each batch takes one of them. */
export interface Mixing {
  /** MixUp's alpha (1710.09412). */
  readonly mixup: number;
  /** CutMix's alpha (1905.04899). */
  readonly cutmix: number;
}

/** Where an epoch's batches, one after another, draw how they are mixed. */
export function mixerOf(seed: number, epoch: number): Random {
  return createRandom(seed, `mix/${epoch}`);
}

/**
 * Mixes each image of a batch, and its target, with another one's, in place. MixUp averages all values; CutMix takes a
 * rectangle from the other. At the network's input this is what the papers do; at a later frontier it is Manifold
 * Mixup (1806.05236), CutMix cutting the same share out of every layer's map. Values without rows and columns are
 * averaged whole.
 * @param values [count × valuesPerImage]. @param targets [count × classes].
 */
export function mixBatch(
  values: Float32Array,
  targets: Float32Array,
  count: number,
  frontier: readonly FrontierOutput[],
  { mixup, cutmix }: Mixing,
  random: Random,
): void {
  if (mixup <= 0 && cutmix <= 0) return;
  const cuts = cutmix > 0 && (mixup <= 0 || random.uniform() < 0.5);
  const isImage = frontier.every(({ shape }) => shape.length === 3);
  const drawn = beta(cuts ? cutmix : mixup, random);
  const others = random.shuffle(Array.from({ length: count }, (_, index) => index));
  const hole = cuts && isImage ? drawHole(drawn, random) : null;
  const kept = hole === null ? drawn : 1 - hole.width * hole.height;
  const from = values.slice();
  const stride = values.length / count;
  for (const [row, other] of others.entries()) {
    let at = 0;
    for (const { shape } of frontier) {
      const here = row * stride + at;
      const there = other * stride + at;
      if (hole === null) blend(values, from, here, there, sizeOf(shape), kept);
      else paste(values, from, here, there, shape, hole);
      at += sizeOf(shape);
    }
  }
  mixTargets(targets, count, others, kept);
}

interface Hole {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A rectangle of the drawn area, its centre anywhere, cut at the border; in shares of the sides. */
function drawHole(kept: number, random: Random): Hole {
  const side = Math.sqrt(1 - kept);
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const [x, y] = [random.uniform(), random.uniform()];
  const [left, top] = [clip(x - side / 2), clip(y - side / 2)];
  return { left, top, width: clip(x + side / 2) - left, height: clip(y + side / 2) - top };
}

function blend(
  values: Float32Array,
  from: Float32Array,
  here: number,
  there: number,
  size: number,
  kept: number,
): void {
  for (let index = 0; index < size; index += 1)
    values[here + index] = kept * (from[here + index] ?? 0) + (1 - kept) * (from[there + index] ?? 0);
}

function paste(
  values: Float32Array,
  from: Float32Array,
  here: number,
  there: number,
  [height = 1, width = 1, channels = 1]: readonly number[],
  hole: Hole,
): void {
  const [left, right] = [hole.left, hole.left + hole.width].map((share) => Math.round(share * width));
  const [top, bottom] = [hole.top, hole.top + hole.height].map((share) => Math.round(share * height));
  for (let row = top ?? 0; row < (bottom ?? 0); row += 1) {
    const start = (row * width + (left ?? 0)) * channels;
    const end = (row * width + (right ?? 0)) * channels;
    values.set(from.subarray(there + start, there + end), here + start);
  }
}

function mixTargets(targets: Float32Array, count: number, others: readonly number[], kept: number): void {
  const from = targets.slice();
  const classes = targets.length / count;
  for (const [row, other] of others.entries())
    blend(targets, from, row * classes, other * classes, classes, kept);
}

/** A draw from Beta(alpha, alpha), as the share of two gamma variates. */
function beta(alpha: number, random: Random): number {
  const [a, b] = [gamma(alpha, random), gamma(alpha, random)];
  return a + b === 0 ? 0.5 : a / (a + b);
}

/** Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; for shapes below 1 by their boost. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const cube = (1 + c * normal) ** 3;
    if (cube <= 0) continue;
    const uniform = 1 - random.uniform();
    if (Math.log(uniform) < 0.5 * normal ** 2 + d - d * cube + d * Math.log(cube)) return d * cube;
  }
}
