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

export interface Workload {
  readonly trainImages: number;
  readonly validationImages: number;
}

export interface PlanSeconds {
  /** Frozen layers over all images: once, before the first epoch; nothing where they are cached already. */
  readonly once: number;
  readonly epoch: number;
}

/** Of a training step: the gradients of a layer's input and of its weights cost about as much as its value each. */
const forwardShare = 1 / 3;

/** The time a plan takes on a machine of this speed, or null where nothing was measured. An estimate. */
export function planSeconds(
  { multiplyAdds }: Pick<PlanCost, 'multiplyAdds'>,
  speed: Speed,
  { trainImages, validationImages }: Workload,
): PlanSeconds | null {
  const step = secondsAt(speed.step, multiplyAdds.suffix);
  const prefix = multiplyAdds.prefix === 0 ? 0 : secondsAt(speed.prefix, multiplyAdds.prefix);
  if (step === null || prefix === null) return null;
  return {
    once: prefix * (trainImages + validationImages),
    epoch: step * (trainImages + forwardShare * validationImages),
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
