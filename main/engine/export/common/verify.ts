import type { WeightType } from '../../../../shared/domain/export.ts';
import { unreachable } from '../../../../shared/errors.ts';
import { argMax } from '../../insight/evaluate.ts';

/** How an export compares with the studio on the same pixels. */
export interface Comparison {
  readonly images: number;
  readonly maxAbsDifference: number;
  /** Share of images on which both give the same label. */
  readonly labelAgreement: number;
}

/**
 * Largest difference of probabilities that rounding explains; null for 8-bit weights, where only labels are compared.
 * A half has 11 significant bits, so float16 weights move a probability by some thousandths.
 */
export function toleranceOf(weights: WeightType): number | null {
  switch (weights) {
    case 'float32':
      return 1e-4;
    case 'float16':
      return 5e-3;
    case 'uint8':
    case 'int8':
    case 'full-int8':
      return null;
    default:
      return unreachable(weights);
  }
}

/** Share of labels that 8-bit weights have to keep. Less means the export is wrong, not rounded. */
export const leastAgreement = 0.75;

/** @param classes number of values for each image in both arrays. */
export function compare(studio: Float32Array, exported: Float32Array, classes: number): Comparison {
  const images = studio.length / classes;
  let maxAbsDifference = exported.length === studio.length ? 0 : Infinity;
  let same = 0;
  for (const [index, value] of studio.entries()) {
    const difference = Math.abs(value - (exported[index] ?? NaN));
    // NaN must not pass as a small difference.
    maxAbsDifference = Number.isNaN(difference) ? Infinity : Math.max(maxAbsDifference, difference);
  }
  for (let row = 0; row < images; row += 1) {
    const of = (values: Float32Array): number => argMax(values.subarray(row * classes, (row + 1) * classes));
    if (of(studio) === of(exported)) same += 1;
  }
  return { images, maxAbsDifference, labelAgreement: images === 0 ? 1 : same / images };
}

/** Whether a comparison is as good as the weight type allows. */
export function agrees(comparison: Comparison, weights: WeightType): boolean {
  const tolerance = toleranceOf(weights);
  return tolerance === null
    ? comparison.labelAgreement >= leastAgreement && Number.isFinite(comparison.maxAbsDifference)
    : comparison.maxAbsDifference <= tolerance;
}
