import { nothingToScan, type ScanWork } from '../../../../shared/domain/cost/speed.ts';
import type { KeptFeatures } from '../../../../shared/domain/cost/kept.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import { coreCount } from '../../runtime/threads.ts';
import type { Outcome } from '../../dataset/index.ts';
import { contentsOf, countUnremembered, HeldPixels, pathOf } from '../../dataset/index.ts';
import { holdDataset, type Held } from '../dataset/held.ts';
import { keptFeatures } from './keptFeatures.ts';
import type { WantedFeatures } from './keptFeatures.ts';
import { measureDecode } from './measureDecode.ts';
import { readDecode, writeDecode } from './speedCache.ts';

/** What a dataset's own images cost. */
export interface DatasetCost {
  readonly trainImages: number;
  readonly validationImages: number;
  /** Seconds to decode an image; null where it was not measured. */
  readonly decode: number | null;
  readonly scan: ScanWork;
  readonly kept: readonly KeptFeatures[];
}

/**
 * Counts a dataset's images as a training would split them, looks at which of their features are kept, and measures
 * decoding, once for each dataset and size.
 * Errors: those of opening the dataset; input-empty for one that cannot be split.
 */
export async function datasetCost(
  location: string,
  settings: TrainSettings,
  key: WantedFeatures['key'],
  mayMeasure: boolean,
  context: JobContext,
): Promise<Result<DatasetCost>> {
  const held = await holdDataset(location, context);
  if (!held.ok) return held;
  const { split, dataset, source } = held.value;
  if (split === null)
    return err(
      thawError('input-empty', `${dataset.name} cannot be split into training and validation images.`, {
        remedy: 'It needs two classes with two images each.',
      }),
    );
  const { width, height } = key;
  const { resize, augment } = settings;
  const decodeKey = {
    fingerprint: dataset.fingerprint,
    width,
    height,
    resize,
    augment,
    cores: coreCount(),
  };
  let decode = await readDecode(decodeKey);
  if (decode === null && mayMeasure) {
    context.emit({ type: 'progress', what: 'measuring decoding', done: 0, total: null });
    decode = await measureDecode(source, split.train, { width, height, resize }, settings, context.signal);
    if (decode !== null) await writeDecode(decodeKey, decode);
  }
  return ok({
    trainImages: split.train.length,
    validationImages: split.validation.length,
    decode,
    scan: await scanWork(held.value, new HeldPixels({ width, height, resize })),
    kept: await keptFeatures(split, { key, settings }),
  });
}

/** Surveys whose files are all remembered. */
const remembered = new WeakSet<readonly Outcome[]>();

/** How many of a dataset's files a training would decode to look at them. */
async function scanWork({ source, outcomes }: Held, pixels: HeldPixels): Promise<ScanWork> {
  if (remembered.has(outcomes)) return nothingToScan;
  const decoded = await countUnremembered(source, contentsOf(outcomes).files.map(pathOf));
  if (decoded === 0) remembered.add(outcomes);
  return { decoded, held: Math.min(decoded, pixels.room) };
}
