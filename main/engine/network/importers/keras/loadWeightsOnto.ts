import { thawError } from '../../../../../shared/errors.ts';
import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err } from '../../../../../shared/result.ts';
import type { Weights } from '../../weights/weights.ts';
import type { Assignment } from './assignment.ts';
import { match, readAssigned } from './assignment.ts';
import { kerasOrder, storePaths } from './kerasOrder.ts';
import type { NestedLayers } from './kerasOrder.ts';
import { readKerasWeights } from './readKerasWeights.ts';
import type { KerasWeights, StoredLayer } from './storedWeights.ts';

/**
 * Loads a Keras weights file onto a network, as Keras's `load_weights` does: by layer names when the file has them,
 * else by order (legacy `.h5`) or by class and number (`.weights.h5`, `.keras`). Layers the file has in excess, such
 * as a classifier, are left out.
 * Errors: input-missing, input-corrupt; input-unsupported naming the layer, the shape expected and the one found.
 */
export async function loadWeightsOnto(
  network: Network,
  location: string,
  nested?: NestedLayers,
): Promise<Result<Weights>> {
  const stored = await readKerasWeights(location);
  if (!stored.ok) return stored;
  try {
    const assignment = assignLayers(network, stored.value, nested);
    return assignment.ok ? await readAssigned(network, assignment.value, stored.value.source) : assignment;
  } finally {
    await stored.value.close();
  }
}

/** Finds the stored layer for every layer of the network that has weights, and checks all shapes. */
export function assignLayers(
  network: Network,
  stored: KerasWeights,
  nested?: NestedLayers,
): Result<Assignment> {
  const weighted = inKerasOrder(network).filter((layer) => layer.weights.length > 0);
  const byName = new Map(
    stored.layers.flatMap((layer) => (layer.name === null ? [] : [[layer.name, layer]])),
  );
  const named = weighted.filter((layer) => byName.has(layer.name)).length;
  const candidates: (() => Result<Assignment>)[] = [];
  const matchNames = (): Result<Assignment> =>
    match(weighted, (layer) => byName.get(layer.name), stored.source);
  if (named === weighted.length) candidates.push(matchNames);
  if (stored.layout === 'legacy') candidates.push(() => matchOrder(weighted, stored));
  else candidates.push(...matchPaths(network, weighted, stored, nested));
  if (named * 2 >= weighted.length) candidates.push(matchNames);
  let problem: Result<Assignment> | null = null;
  for (const candidate of candidates) {
    const assignment = candidate();
    if (assignment.ok) return assignment;
    // The names that nearly all match tell more than an order that does not.
    if (problem === null || (named * 2 >= weighted.length && candidate === matchNames)) problem = assignment;
  }
  return problem ?? match(weighted, () => undefined, stored.source);
}

function inKerasOrder(network: Network): Layer[] {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  return kerasOrder(network).flatMap((name) => byName.get(name) ?? []);
}

/** One after the other, as Keras does without `by_name`; the two must have as many layers with weights. */
function matchOrder(weighted: readonly Layer[], stored: KerasWeights): Result<Assignment> {
  const layers = stored.layers.filter(({ weights }) => weights.length > 0);
  if (layers.length !== weighted.length)
    return err(
      thawError('input-unsupported', `The weights of ${stored.source} are those of another network.`, {
        expected: `${weighted.length} layers with weights: ${someNames(weighted.map(({ name }) => name))}`,
        found: `${layers.length}: ${someNames(layers.map(({ name, path }) => name ?? path))}`,
        remedy: 'Name the architecture these weights were saved from with --backbone.',
      }),
    );
  const order = new Map(weighted.map((layer, index) => [layer.name, layers[index]]));
  return match(weighted, (layer) => order.get(layer.name), stored.source);
}

/** By class and number, at the top of the file or inside a model nested in it. */
function matchPaths(
  network: Network,
  weighted: readonly Layer[],
  stored: KerasWeights,
  nested?: NestedLayers,
): (() => Result<Assignment>)[] {
  const paths = storePaths(inKerasOrder(network), nested);
  const byPath = new Map(stored.layers.map((layer) => [layer.path, layer]));
  const places = new Set(stored.layers.map(({ path }) => path.slice(0, path.lastIndexOf('layers/'))));
  return [...places].map((place) => () => {
    const find = (layer: Layer): StoredLayer | undefined => byPath.get(place + (paths.get(layer.name) ?? ''));
    return match(weighted, find, stored.source);
  });
}

function someNames(names: readonly string[]): string {
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} … ${names.slice(-2).join(', ')}`;
}
