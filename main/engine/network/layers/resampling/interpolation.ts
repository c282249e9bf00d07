import type { WeightArray } from '../../weights/weights.ts';

/** A linear map from the pixels of one axis to those of another length: row-major [to, from]. */
export interface AxisMap {
  readonly to: number;
  readonly from: number;
  readonly weights: Float32Array;
}

export type Interpolation = 'nearest' | 'bilinear';

/** The part of an axis that is read. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * How TensorFlow 2's `tf.image.resize` without antialiasing, and so Keras 2 and 3, make `to` pixels of a part of `from`
 * pixels: centres of pixels lie at halves, the border pixel goes on outside.
 */
export function axisMap(to: number, from: number, interpolation: Interpolation, part?: Span): AxisMap {
  const { start, length } = part ?? { start: 0, length: from };
  const weights = new Float32Array(to * from);
  const add = (row: number, column: number, weight: number): void => {
    const at = row * from + start + Math.min(Math.max(column, 0), length - 1);
    weights[at] = (weights[at] ?? 0) + weight;
  };
  const scale = Math.fround(length / to);
  for (let row = 0; row < to; row += 1) {
    const centre = Math.fround(Math.fround(row + 0.5) * scale);
    if (interpolation === 'nearest') add(row, Math.floor(centre), 1);
    else {
      const place = Math.fround(centre - 0.5);
      const lower = Math.floor(place);
      const share = Math.fround(place - lower);
      add(row, lower, 1 - share);
      add(row, lower + 1, share);
    }
  }
  return { to, from, weights };
}

/** Takes `length` pixels from `start` on. */
export function cropMap(from: number, { start, length }: Span): AxisMap {
  return axisMap(length, from, 'nearest', { start, length });
}

export function isIdentity({ to, from, weights }: AxisMap): boolean {
  return to === from && weights.every((weight, at) => weight === (at % (from + 1) === 0 ? 1 : 0));
}

/** The map as a matrix [from, to], for a product with it from the right. */
export function matrixOf({ to, from, weights }: AxisMap): WeightArray {
  const data = Float32Array.from(weights, (_, at) => weights[(at % to) * from + Math.floor(at / to)] ?? 0);
  return { shape: [from, to], data };
}
