import { ThawFailure, thawError } from '../../../shared/errors.ts';
import { isOutOfMemory } from '../runtime/outOfMemory.ts';
import type { Tf } from '../runtime/tf.ts';
import type { FrontierOutput } from './batches/batchSource.ts';
import { toFeeds } from './batches/batchSource.ts';
import type { StepResult, StepSettings, Trainer } from './trainer.ts';

/** A batch before it is tensors. */
export interface PlainBatch {
  readonly count: number;
  /** [count × values per image]. */
  readonly values: Float32Array;
  /** [count × classes]. */
  readonly targets: Float32Array;
  /** [count], or null for all alike. */
  readonly weights: Float32Array | null;
}

/**
 * Trains on a batch. One that does not fit into memory is halved, and so are those after it: the halves are steps of
 * their own. Gives the mean loss and the sum of hits. Throws ThawFailure
 * `engine-unsupported` when one image is too much.
 * @param settingsOf called for every step. @param onHalved told the new size.
 */
export async function stepWithinMemory(
  tf: Tf,
  trainer: Pick<Trainer, 'step' | 'largestBatch'>,
  frontier: readonly FrontierOutput[],
  { count, values, targets, weights }: PlainBatch,
  settingsOf: () => StepSettings,
  onHalved: (size: number) => void,
): Promise<StepResult> {
  let [lossSum, correct, done] = [0, 0, 0];
  const partOf = (all: Float32Array, size: number): Float32Array =>
    all.subarray((done * all.length) / count, ((done + size) * all.length) / count);
  while (done < count) {
    const size = Math.min(count - done, trainer.largestBatch);
    const feeds = toFeeds(tf, frontier, partOf(values, size), size);
    const batch = {
      feeds,
      targets: partOf(targets, size),
      ...(weights !== null && { weights: partOf(weights, size) }),
    };
    try {
      const result = await trainer.step(batch, settingsOf());
      lossSum += result.loss * size;
      correct += result.correct;
      done += size;
    } catch (cause) {
      if (!isOutOfMemory(cause)) throw cause;
      if (size === 1) throw tooMuch(cause);
      trainer.largestBatch = Math.ceil(size / 2);
      onHalved(trainer.largestBatch);
    } finally {
      tf.dispose([...feeds.values()]);
    }
  }
  return { loss: lossSum / count, correct };
}

function tooMuch(cause: unknown): ThawFailure {
  return new ThawFailure(
    thawError('engine-unsupported', 'Training on a single image needs more memory than there is.', {
      ...(cause instanceof Error && { found: cause.message }),
      remedy: 'Thaw fewer layers, or make the images smaller with --image-size.',
    }),
  );
}
