/** A measured value at a place along the training, in epochs. */
export interface Point {
  readonly x: number;
  /** NaN where there is no value. */
  readonly y: number;
}

/**
 * At most `2 × buckets + 2` of the points, in their order: the first and the last, and in each of equally many runs of
 * neighbours the lowest and the highest, so that no peak is lost. Fewer points stay as they are.
 */
export function decimate(points: readonly Point[], buckets: number): readonly Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (points.length <= 2 * buckets + 2 || first === undefined || last === undefined) return points;
  const kept: Point[] = [first];
  const inner = points.length - 2;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    kept.push(...extremes(points, from, to));
  }
  kept.push(last);
  return kept;
}

/** The lowest and the highest of `points[from … to)`, in their order; one point that is not a number if all are. */
function extremes(points: readonly Point[], from: number, to: number): Point[] {
  let low = -1;
  let high = -1;
  for (let index = from; index < to; index += 1) {
    const y = points[index]?.y ?? NaN;
    if (Number.isNaN(y)) continue;
    if (low < 0 || y < (points[low]?.y ?? NaN)) low = index;
    if (high < 0 || y > (points[high]?.y ?? NaN)) high = index;
  }
  const indices = low < 0 ? [from] : low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
  return indices.flatMap((index) => points[index] ?? []);
}

/**
 * The points with one more. Above `limit` they are thinned to about half, so that memory stays bounded however long a
 * training runs; the extremes of what was thinned before are among those that stay.
 */
export function appendBounded(points: readonly Point[], point: Point, limit: number): readonly Point[] {
  const longer = [...points, point];
  return longer.length > limit ? decimate(longer, Math.max(1, Math.floor(limit / 4))) : longer;
}

/**
 * Exponential moving average whose first values are not drawn to zero (the bias correction of Adam, 1412.6980, section
 * 3). What is not a number stays so and does not count.
 * @param weight of the past, from 0 (nothing is smoothed) to below 1.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let seen = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    sum = weight * sum + (1 - weight) * value;
    seen += 1;
    return sum / (1 - weight ** seen);
  });
}
