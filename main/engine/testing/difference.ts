/**
 * The largest difference of two arrays, as a share of the largest value expected (of a thousandth at least).
 * Throws when they are not of one length.
 */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values, where ${expected.length} are expected`);
  let [difference, scale] = [0, 1e-3];
  for (let index = 0; index < expected.length; index += 1) {
    difference = Math.max(difference, Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN)));
    scale = Math.max(scale, Math.abs(expected[index] ?? NaN));
  }
  return difference / scale;
}
