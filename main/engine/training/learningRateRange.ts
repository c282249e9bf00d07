/** One step of the range test. */
export interface RatePoint {
  readonly learningRate: number;
  readonly loss: number;
}

/** The learning rate of a step of the range test, from 0: rising by the same factor each step (1506.01186). */
export function rangeRate(step: number, steps: number, from: number, to: number): number {
  return from * (to / from) ** (step / (steps - 1));
}

/** How much of the smoothed loss is what came before: a lag of nine steps, which is half a power of ten. */
const inertia = 0.9;

/** Exponentially smoothed losses, corrected for starting at zero. */
export function smoothLosses(losses: readonly number[]): number[] {
  let average = 0;
  return losses.map((loss, index) => {
    average = inertia * average + (1 - inertia) * loss;
    return average / (1 - inertia ** (index + 1));
  });
}

/** Whether the loss has run away, so that higher rates need not be tried. */
export function hasDiverged(smoothed: readonly number[]): boolean {
  const last = smoothed.at(-1) ?? 0;
  return !Number.isFinite(last) || last > 4 * Math.min(...smoothed);
}

/**
 * What a curve of smoothed losses advises: the rate at which the loss falls fastest per factor of the rate, but at most
 * a tenth of the rate at its minimum. The first tenth of the curve is left out, where little has been averaged.
 */
export function adviseRate(points: readonly RatePoint[]): { suggested: number; lowest: number } {
  const settled = points.slice(Math.floor(points.length / 10));
  const first = settled[0] ?? { learningRate: 0, loss: NaN };
  const lowest = settled.reduce((best, point) => (point.loss < best.loss ? point : best), first);
  let steepest = { learningRate: first.learningRate, slope: Infinity };
  for (const [index, point] of settled.entries()) {
    const [before, after] = [settled[index - 1], settled[index + 1]];
    if (before === undefined || after === undefined || point.learningRate > lowest.learningRate) continue;
    const slope = (after.loss - before.loss) / Math.log(after.learningRate / before.learningRate);
    if (slope < steepest.slope) steepest = { learningRate: point.learningRate, slope };
  }
  const suggested = Math.min(steepest.learningRate, lowest.learningRate / 10);
  return { suggested, lowest: lowest.learningRate };
}
