import type { Network } from '../../../../shared/domain/network.ts';
import { reaches } from '../../../../shared/domain/plan/flow.ts';
import type { FeatureKey } from './featureKey.ts';
import type { StoredFeatures } from './cacheStore.ts';

/**
 * Kept features from which those at another cut can be computed: of the same weights, images' size, view and device, at
 * layers that the wanted ones can be reached from without the image. The nearest comes first.
 */
export function earlierCuts(
  network: Network,
  wanted: FeatureKey,
  stored: readonly StoredFeatures[],
): FeatureKey[] {
  if (wanted.encoding === 'pixels') return [];
  const order = new Map(network.layers.map(({ name }, index) => [name, index]));
  const depth = ({ frontier }: FeatureKey): number =>
    Math.min(...frontier.map((layer) => order.get(layer) ?? -1));
  return stored
    .flatMap(({ key }) => (key === null ? [] : [key]))
    .filter((key) => key.encoding === wanted.encoding && sameImages(key, wanted))
    .filter(({ frontier }) => frontier.join('\n') !== wanted.frontier.join('\n'))
    .filter(({ frontier }) => reaches(network.layers, frontier, wanted.frontier))
    .sort((a, b) => depth(b) - depth(a));
}

function sameImages(a: FeatureKey, b: FeatureKey): boolean {
  const images = ({ weightsHash, preprocess, width, height, resize, view, device }: FeatureKey): string =>
    JSON.stringify([weightsHash, preprocess, width, height, resize, view, device]);
  return images(a) === images(b);
}
