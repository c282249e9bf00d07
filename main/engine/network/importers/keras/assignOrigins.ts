import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { Weights } from '../../weights.ts';
import { weightKey } from '../../weights.ts';
import type { FlatTopology } from '../topology/flatten.ts';
import type { LayerOrigin } from '../topology/leaves.ts';
import { match, readAssigned } from './assignment.ts';
import type { KerasWeights, StoredLayer, StoredWeight } from './storedWeights.ts';

type Found = Pick<StoredLayer, 'name' | 'path' | 'weights'>;

/**
 * The weights of a whole model, from the file that also holds its configuration: every layer knows where it was.
 * Errors: input-corrupt; input-unsupported naming the layer, what was expected and found.
 */
export async function readOwnWeights(
  network: Network,
  topology: Pick<FlatTopology, 'origins' | 'constants'>,
  stored: KerasWeights,
): Promise<Result<Weights>> {
  const { origins, constants } = topology;
  const weighted = network.layers.filter(
    ({ name, weights }) =>
      weights.length > 0 && !weights.every((own) => constants.has(weightKey(name, own.name))),
  );
  const finder = stored.layout === 'store' ? storeFinder(stored) : legacyFinder(weighted, origins, stored);
  const assignment = match(
    weighted,
    ({ name }) => {
      const origin = origins.get(name);
      return origin === undefined ? undefined : finder(name, origin);
    },
    stored.source,
  );
  if (!assignment.ok) return assignment;
  const weights = await readAssigned({ layers: weighted }, assignment.value, stored.source);
  return weights.ok ? ok(new Map([...constants, ...weights.value])) : weights;
}

type Finder = (layer: string, origin: LayerOrigin) => Found | undefined;

function storeFinder(stored: KerasWeights): Finder {
  const byPath = new Map(stored.layers.map((layer) => [layer.path, layer]));
  return (_, { storePath }) => byPath.get(storePath);
}

function legacyFinder(
  weighted: readonly Layer[],
  origins: ReadonlyMap<string, LayerOrigin>,
  stored: KerasWeights,
): Finder {
  const byPath = new Map(stored.layers.map((layer) => [layer.path, layer]));
  const groups = new Map<string, ReadonlyMap<string, Found>>();
  return (layer, { path }) => {
    const [outer = ''] = path;
    if (path.length === 1) return byPath.get(outer);
    const named = byPath.get(`${outer}/${path.at(-1) ?? ''}`);
    if (named !== undefined) return named;
    const group = groups.get(outer) ?? byOrder(weighted, origins, outer, stored);
    groups.set(outer, group);
    return group.get(layer);
  };
}

/**
 * A nested model whose weights are not named after its layers, by order: first what trains, layer by layer, then what
 * does not, of which a frozen layer has all (Keras's `trainable_weights + non_trainable_weights`).
 */
function byOrder(
  weighted: readonly Layer[],
  origins: ReadonlyMap<string, LayerOrigin>,
  outer: string,
  stored: KerasWeights,
): ReadonlyMap<string, Found> {
  const inside = weighted.filter(({ name }) => origins.get(name)?.path[0] === outer);
  const frozen = (layer: Layer, weight: string): boolean =>
    origins.get(layer.name)?.trainable === false || isMovingStatistic(weight);
  const keys = [false, true].flatMap((wanted) =>
    inside.flatMap((layer) =>
      layer.weights
        .filter(({ name }) => frozen(layer, name) === wanted)
        .map(({ name }) => weightKey(layer.name, name)),
    ),
  );
  const weights = stored.layers
    .filter(({ path }) => path === outer || path.startsWith(`${outer}/`))
    .flatMap((layer) => layer.weights)
    .sort((a, b) => a.place - b.place);
  const byKey = new Map(keys.map((key, index) => [key, weights[index]]));
  return new Map(
    inside.map(({ name, weights: own }) => [
      name,
      {
        name,
        path: `${outer}/${name}`,
        weights: own.flatMap((spec): StoredWeight[] => {
          const weight = byKey.get(weightKey(name, spec.name));
          return weight === undefined ? [] : [weight];
        }),
      },
    ]),
  );
}
