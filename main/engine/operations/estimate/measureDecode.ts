import type { ImageRecord } from '../../../../shared/domain/dataset.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import type { DatasetSource, DecodeTarget } from '../../dataset/index.ts';
import { createDecoder } from '../../dataset/index.ts';
import { sampleView } from '../../training/augment/sampleView.ts';

/** Images decoded to bring the threads up, and those that are timed. */
const warmImages = 4;
const timedImages = 24;

/**
 * Seconds to decode an image of a dataset, resized and, with augmentation, varied as a training would, in as many threads.
 * The images are spread over all there are. Null where none can be decoded.
 */
export async function measureDecode(
  source: DatasetSource,
  images: readonly ImageRecord[],
  target: DecodeTarget,
  { augment, augmentFlip, seed }: Pick<TrainSettings, 'augment' | 'augmentFlip' | 'seed'>,
  signal: AbortSignal,
): Promise<number | null> {
  const decoder = createDecoder();
  const spread = (count: number): ImageRecord[] =>
    Array.from({ length: Math.min(count, images.length) }, (_, index) => {
      const at = Math.floor((index * images.length) / Math.min(count, images.length));
      return images[at];
    }).filter((image) => image !== undefined);
  const decode = async (some: readonly ImageRecord[]): Promise<number> => {
    const located = some.map(({ id, path }) =>
      augment === 'none'
        ? { path }
        : { path, view: sampleView({ strength: augment, flip: augmentFlip, seed }, id, 0) },
    );
    let done = 0;
    for await (const { pixels } of decoder.decode(source, located, target, signal)) done += pixels.ok ? 1 : 0;
    return done;
  };
  try {
    await decode(spread(warmImages));
    const started = performance.now();
    const done = await decode(spread(timedImages));
    return done === 0 ? null : (performance.now() - started) / 1000 / done;
  } finally {
    await decoder.close();
  }
}
