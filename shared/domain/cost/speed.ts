import type { KeptForCut } from './kept.ts';
import { nothingKept } from './kept.ts';
import type { PlanCost } from './planCost.ts';

/** How long something took that costs so many multiply-adds. */
export interface SpeedPoint {
  readonly multiplyAdds: number;
  /** For one image. */
  readonly seconds: number;
}

/** A machine's speed with one network, measured at a few places. */
export interface Speed {
  /** Frozen layers, from pixels. */
  readonly prefix: readonly SpeedPoint[];
  /** A training step; `multiplyAdds` are those of one forward pass. */
  readonly step: readonly SpeedPoint[];
}

/** What a training's look at its images costs, and saves later. */
export interface ScanWork {
  /** Images that are decoded to be looked at: of the others it is remembered what was found. */
  readonly decoded: number;
  /** Those of them whose pixels there is room for until the features are computed. */
  readonly held: number;
}

export const nothingToScan: ScanWork = { decoded: 0, held: 0 };

export interface Workload {
  readonly trainImages: number;
  readonly validationImages: number;
  readonly scan?: ScanWork;
  /** Seconds to decode an image; left out where it was not measured. */
  readonly decode?: number | null;
  /** Kept variations of each training image; 0: new ones every epoch; null, or not told: the images themselves. */
  readonly views?: number | null;
  readonly kept?: KeptForCut;
}

export interface PlanSeconds {
  /** Looking at the images; nothing where they are remembered. */
  readonly scan: number;
  /** Frozen layers over all images and their kept variations: once; nothing where they are cached already. */
  readonly once: number;
  readonly epoch: number;
}

/** Of a training step: the gradients of a layer's input and of its weights cost about as much as its value each. */
const forwardShare = 1 / 3;

/**
 * Decoding is measured on every second core. While images are decoded so, the frozen layers have the other half; where
 * nothing goes on beside it, all cores decode.
 */
const decodeShare = 1 / 2;

/** The time a plan takes on a machine of this speed, or null where nothing was measured. An estimate. */
export function planSeconds(
  { multiplyAdds }: Pick<PlanCost, 'multiplyAdds'>,
  speed: Speed,
  workload: Workload,
): PlanSeconds | null {
  const { trainImages, validationImages, scan = nothingToScan } = workload;
  const { decode = null, views = null, kept = nothingKept } = workload;
  const isAll = multiplyAdds.prefix === 0;
  const step = secondsAt(speed.step, multiplyAdds.suffix);
  const prefix = isAll ? 0 : secondsAt(speed.prefix, multiplyAdds.prefix);
  if (step === null || prefix === null) return null;
  // Decoding and the frozen layers go on side by side.
  const extract = decode === null ? prefix : Math.max(decode, prefix + decodeShare * decode);
  const alone = decode === null ? 0 : decodeShare * decode;
  // By arithmetic: two short measurements close to each other differ by chance.
  const rest = kept.earlier === null ? 1 : 1 - kept.earlier.multiplyAdds / multiplyAdds.prefix;
  const wanted = (images: number, side: 'train' | 'validation'): { computed: number; shorter: number } => {
    const missing = Math.max(0, images - kept.here[side]);
    const shorter = Math.min(missing, kept.earlier?.[side] ?? 0);
    return { computed: missing - shorter, shorter };
  };
  // Without frozen layers, variations are not worth keeping.
  const isStreamed = views === 0 || (views !== null && isAll);
  const rows = isStreamed ? 0 : trainImages * (views ?? 1);
  const sides = [wanted(rows, 'train'), wanted(validationImages, 'validation')];
  const computed = sides.reduce((sum, side) => sum + side.computed, 0);
  const shorter = sides.reduce((sum, side) => sum + side.shorter, 0);
  // Of variations, the pixels of the images themselves are none.
  const decodedBefore = views === null ? Math.min(computed, scan.held) : 0;
  return {
    scan: scan.decoded * alone,
    once:
      (computed - decodedBefore) * (isAll ? alone : extract) +
      decodedBefore * prefix +
      shorter * prefix * rest,
    epoch: step * (trainImages + forwardShare * validationImages) + (isStreamed ? extract * trainImages : 0),
  };
}

const farthest = 100;

/**
 * Seconds for an image at a number of multiply-adds: on the straight line between the two measured points around it;
 * before the first and behind the last, in proportion. Null without points, and a hundred times behind the last: from a
 * head alone nothing follows for a network.
 */
export function secondsAt(points: readonly SpeedPoint[], multiplyAdds: number): number | null {
  const sorted = [...points].sort((one, other) => one.multiplyAdds - other.multiplyAdds);
  const after = sorted.find((point) => point.multiplyAdds >= multiplyAdds);
  const before = sorted.findLast((point) => point.multiplyAdds <= multiplyAdds);
  if (before === undefined && after === undefined) return null;
  if (before !== undefined && after !== undefined) {
    const width = after.multiplyAdds - before.multiplyAdds;
    const share = width === 0 ? 0 : (multiplyAdds - before.multiplyAdds) / width;
    return before.seconds + share * (after.seconds - before.seconds);
  }
  const only = before ?? after;
  if (only === undefined || only.multiplyAdds * farthest < multiplyAdds) return null;
  if (only.multiplyAdds === 0) return only.seconds;
  return (only.seconds * multiplyAdds) / only.multiplyAdds;
}

/** Adds a measurement; one at the same place is replaced. */
export function withPoint(points: readonly SpeedPoint[], point: SpeedPoint): SpeedPoint[] {
  return [...points.filter(({ multiplyAdds }) => multiplyAdds !== point.multiplyAdds), point];
}
