import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptFeatures } from '../../../../shared/domain/cost/kept.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import type { Split } from '../../dataset/index.ts';
import type { StoredFeatures } from '../../training/features/cacheStore.ts';
import { listStored, nameBytes, namesFile } from '../../training/features/cacheStore.ts';
import { featureRoot } from '../../training/features/extractFeatures.ts';
import type { FeatureKey } from '../../training/features/featureKey.ts';

/** What decides, beside the layers, whether kept features are those a training would compute. */
export interface WantedFeatures {
  readonly key: Pick<FeatureKey, 'weightsHash' | 'preprocess' | 'width' | 'height' | 'device'>;
  readonly settings: Pick<
    TrainSettings,
    'resize' | 'featurePrecision' | 'augment' | 'augmentFlip' | 'augmentViews' | 'seed'
  >;
}

/**
 * Which features of a split's images are kept, and where in the network. Rows are counted by name; whether they are whole
 * is seen when they are used.
 */
export async function keptFeatures(
  split: Split,
  wanted: WantedFeatures,
  root: string = featureRoot(),
): Promise<KeptFeatures[]> {
  const ids = (side: 'train' | 'validation'): Set<string> => new Set(split[side].map(({ id }) => id));
  const sides = { train: ids('train'), validation: ids('validation') };
  const byPlace = new Map<string, KeptFeatures>();
  for (const stored of await listStored(root)) {
    const { key } = stored;
    const use = key === null ? null : useOf(key, wanted);
    if (key === null || use === null) continue;
    const names = await namesIn(stored);
    const among = (side: ReadonlySet<string>): number => names.filter((id) => side.has(id)).length;
    const place = key.frontier.join('\n');
    const before = byPlace.get(place) ?? { layers: key.frontier, train: 0, validation: 0 };
    byPlace.set(place, {
      ...before,
      train: before.train + (use.train ? among(sides.train) : 0),
      validation: before.validation + (use.validation ? among(sides.validation) : 0),
    });
  }
  return [...byPlace.values()].filter(({ train, validation }) => train + validation > 0);
}

/** The sides that would take these features; null where none would. */
function useOf(
  key: FeatureKey,
  { key: own, settings }: WantedFeatures,
): { train: boolean; validation: boolean } | null {
  const isPixels = key.encoding === 'pixels';
  const isSameImage = key.width === own.width && key.height === own.height && key.resize === settings.resize;
  const isSameNetwork =
    isPixels ||
    (key.weightsHash === own.weightsHash &&
      key.encoding === settings.featurePrecision &&
      key.device === own.device);
  if (!isSameImage || !isSameNetwork || key.preprocess !== own.preprocess) return null;
  const { augment } = settings;
  if (key.view === null) return { train: augment === 'none', validation: true };
  const isSameView =
    key.view.strength === augment &&
    key.view.flip === settings.augmentFlip &&
    key.view.seed === settings.seed &&
    key.view.number < settings.augmentViews;
  return isSameView ? { train: true, validation: false } : null;
}

async function namesIn({ folder }: StoredFeatures): Promise<string[]> {
  const text = await readFile(path.join(folder, namesFile), 'latin1').catch(() => '');
  const rows = Math.floor(text.length / nameBytes);
  return Array.from({ length: rows }, (_, row) => text.slice(row * nameBytes, row * nameBytes + 64));
}
