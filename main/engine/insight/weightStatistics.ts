import { isMovingStatistic } from '../../../shared/domain/network.ts';
import type { WeightStatistics } from '../../../shared/ipc/model/layers.ts';

const bins = 32;

/**
 * A weight's values in numbers: least, greatest, mean, standard deviation (population, as NumPy's `std`) and a histogram
 * with NumPy's bins (`numpy.histogram(values, bins=32)`: the last one takes both its ends, equal values get bins around
 * them). Values that are not finite are only counted.
 */
export function weightStatistics(
  name: string,
  shape: readonly number[],
  values: Float32Array,
): WeightStatistics {
  let [finite, zeros, sum, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite += 1;
    sum += value;
    if (value === 0) zeros += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = sum / finite;
  let squares = 0;
  for (const value of values) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  const isEmpty = finite === 0;
  return {
    name,
    shape: [...shape],
    isTrainable: !isMovingStatistic(name),
    min: isEmpty ? NaN : min,
    max: isEmpty ? NaN : max,
    mean,
    std: Math.sqrt(squares / finite),
    zeros,
    notFinite: values.length - finite,
    histogram: isEmpty ? null : histogramOf(values, min, max),
  };
}

function histogramOf(values: Float32Array, min: number, max: number): WeightStatistics['histogram'] {
  const [from, to] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const edge = (index: number): number => from + (index * (to - from)) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    let bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    // Rounding may put a value that lies at an edge on its other side.
    if (value < edge(bin)) bin -= 1;
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from, to, counts };
}
