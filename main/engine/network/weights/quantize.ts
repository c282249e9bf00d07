import { sizeOf } from './weights.ts';

/** Whole numbers −127…127 and the factor of each channel that gives the values back. */
export interface QuantizedChannels {
  readonly whole: Int8Array;
  /** One for each index of the axis. */
  readonly scales: Float32Array;
}

/**
 * Symmetric 8-bit quantisation for each channel of an axis, as TensorFlow Lite's quantisation specification asks for
 * weights: value ≈ whole × scale, zero stays zero.
 */
export function quantizeChannels(
  values: Float32Array,
  shape: readonly number[],
  axis: number,
): QuantizedChannels {
  const channels = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const largest = new Float32Array(channels);
  for (const [index, value] of values.entries()) {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(value));
  }
  const scales = largest.map((value) => (value === 0 ? 1 : value / 127));
  const whole = Int8Array.from(values, (value, index) =>
    Math.max(-127, Math.min(127, Math.round(value / (scales[channelOf(index)] ?? 1)))),
  );
  return { whole, scales };
}
