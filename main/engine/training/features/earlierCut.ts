import type { Network } from '../../../../shared/domain/network.ts';
import type { FeatureKey } from './featureKey.ts';
import type { StoredFeatures } from './cacheStore.ts';

/**
 * Kept features from which those at another cut can be computed: of the same weights, images' size and view, at layers
 * that the wanted ones can be reached from without the image. The nearest comes first.
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
    .filter(({ frontier }) => reaches(network, frontier, wanted.frontier))
    .sort((a, b) => depth(b) - depth(a));
}

function sameImages(a: FeatureKey, b: FeatureKey): boolean {
  const images = ({ weightsHash, preprocess, width, height, resize, view }: FeatureKey): string =>
    JSON.stringify([weightsHash, preprocess, width, height, resize, view]);
  return images(a) === images(b);
}

/** Whether the wanted layers can be computed from the given ones alone. */
export function reaches(network: Network, from: readonly string[], wanted: readonly string[]): boolean {
  const inputs = new Map(network.layers.map((layer) => [layer.name, layer.inputs]));
  if (!from.every((layer) => inputs.has(layer))) return false;
  const seen = new Set(from);
  const pending = [...wanted];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const before = inputs.get(name) ?? [];
    if (before.length === 0) return false;
    pending.push(...before);
  }
  return true;
}
