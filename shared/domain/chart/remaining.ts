import type { EpochMetrics } from '../run.ts';

/** How many of the last epochs the speed is taken from. */
const recent = 5;

/**
 * Seconds until a phase ends if it uses all its epochs: its epochs that are left, each as long as the last few took.
 * Null before its first epoch has ended.
 * @param own epochs of the phase so far. @param planned epochs of the phase. @param share of the running epoch that is done.
 */
export function remainingSeconds(
  own: readonly Pick<EpochMetrics, 'seconds'>[],
  planned: number,
  share: number,
): number | null {
  if (own.length === 0) return null;
  const last = own.slice(-recent);
  const each = last.reduce((sum, { seconds }) => sum + seconds, 0) / last.length;
  return each * Math.max(0, planned - own.length - Math.min(1, Math.max(0, share)));
}
