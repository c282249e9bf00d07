import type { TrainSettings } from '../run.ts';

export type MemorySettings = Pick<
  TrainSettings,
  'optimizer' | 'averageMomentum' | 'accumulate' | 'l2sp' | 'layerL2sp'
>;

/**
 * Values an optimizer keeps for each weight that trains, beside the weight and its gradient: Adam's two moments or the
 * velocity of SGD, a moving average, summed gradients, and the starting weight that L2-SP pulls to.
 */
export function optimizerSlots({
  optimizer,
  averageMomentum,
  accumulate,
  l2sp,
  layerL2sp,
}: MemorySettings): number {
  const pulls = l2sp > 0 || Object.values(layerL2sp).some((strength) => strength > 0);
  return (optimizer === 'sgd' ? 1 : 2) + Number(averageMomentum > 0) + Number(accumulate > 1) + Number(pulls);
}
