import type { RawConfigObject } from './rawModel.ts';

/** Classes that compute what another does: Keras's own, and one of the `efficientnet` package. */
const same: Readonly<Record<string, string>> = {
  SyncBatchNormalization: 'BatchNormalization',
  FixedDropout: 'Dropout',
};

/** A layer by the class of ours that computes it. */
export function asOurs(
  className: string,
  config: RawConfigObject,
): { className: string; config: RawConfigObject } {
  if (className === 'ThresholdedReLU') {
    const { theta, ...rest } = config;
    return {
      className: 'ReLU',
      config: { ...rest, threshold: nextAbove(theta === undefined ? 1 : Number(theta)) },
    };
  }
  return { className: same[className] ?? className, config };
}

/** The next float32: ThresholdedReLU lets pass what is above theta, ReLU what is not below its threshold. */
function nextAbove(value: number): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  bits[0] = float[0] === 0 ? 1 : (bits[0] ?? 0) + ((float[0] ?? 0) > 0 ? 1 : -1);
  return float[0] ?? value;
}
