import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { Weights } from '../../weights/weights.ts';
import { weightKey } from '../../weights/weights.ts';
import type { FlatTopology } from '../topology/flatten.ts';
import type { LayerOrigin } from '../topology/leaves.ts';
import { unnamed } from '../topology/sequential.ts';
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
  const weighted = weightedLayers(network, topology.constants);
  const finder =
    stored.layout === 'store' ? storeFinder(stored) : legacyFinder(weighted, topology.origins, stored);
  return readFound(weighted, topology, stored.source, ({ name }, origin) => finder(name, origin));
}

/** The layers whose weights are in the file, not in the topology. */
export function weightedLayers(network: Network, constants: Weights): Layer[] {
  return network.layers.filter(
    ({ name, weights }) =>
      weights.length > 0 && !weights.every((own) => constants.has(weightKey(name, own.name))),
  );
}

/** Looks for each layer's weights by where it was, reads them, and adds those that the topology states. */
export async function readFound(
  weighted: readonly Layer[],
  { origins, constants }: Pick<FlatTopology, 'origins' | 'constants'>,
  source: string,
  find: (layer: Layer, origin: LayerOrigin) => Found | undefined,
): Promise<Result<Weights>> {
  const assignment = match(
    weighted,
    (layer) => {
      const origin = origins.get(layer.name);
      const found = origin === undefined ? undefined : find(layer, origin);
      return origin?.turnsKernel === true && found !== undefined ? withKernelTurned(found) : found;
    },
    source,
  );
  if (!assignment.ok) return assignment;
  const weights = await readAssigned({ layers: weighted }, assignment.value, source);
  return weights.ok ? ok(new Map([...constants, ...weights.value])) : weights;
}

type Finder = (layer: string, origin: LayerOrigin) => Found | undefined;

function storeFinder(stored: KerasWeights): Finder {
  const byPath = new Map(stored.layers.map((layer) => [layer.path, layer]));
  return (_, { storePath }) => byPath.get(storePath);
}

/** Keras 1's [height, width, in, filters] of a transposed convolution as Keras 2's [height, width, filters, in]. */
function withKernelTurned({ weights: [kernel, ...more], ...found }: Found): Found {
  if (kernel === undefined) return { ...found, weights: more };
  const [height = 1, width = 1, channels = 1, filters = 1] = kernel.shape;
  const turned: StoredWeight = {
    ...kernel,
    shape: [height, width, filters, channels],
    async read() {
      const values = await kernel.read();
      if (!values.ok) return values;
      const each = filters * channels;
      const at = (index: number): number =>
        index - (index % each) + (index % channels) * filters + Math.floor((index % each) / channels);
      return ok(values.value.map((_, index) => values.value[at(index)] ?? 0));
    },
  };
  return { ...found, weights: [turned, ...more] };
}

/** The groups of nested models without a name: those that nothing else is called, in their order. */
function namesOfUnnamed(
  origins: ReadonlyMap<string, LayerOrigin>,
  stored: KerasWeights,
): ReadonlyMap<string, string> {
  const outer = new Set([...origins.values()].map(({ path: [first = ''] }) => first));
  const groups = stored.layers
    .filter(({ path, weights }) => weights.length > 0 && !outer.has(path))
    .map(({ path }) => path);
  const unknown = [...outer].filter((name) => name.startsWith(unnamed));
  return new Map(unknown.map((name, index) => [name, groups[index] ?? name]));
}

function legacyFinder(
  weighted: readonly Layer[],
  origins: ReadonlyMap<string, LayerOrigin>,
  stored: KerasWeights,
): Finder {
  const names = namesOfUnnamed(origins, stored);
  const byPath = new Map(stored.layers.map((layer) => [layer.path, layer]));
  const groups = new Map<string, ReadonlyMap<string, Found>>();
  return (layer, { path }) => {
    const [outer = ''] = path;
    if (path.length === 1) return byPath.get(outer);
    const called = names.get(outer) ?? outer;
    const named = byPath.get(`${called}/${path.at(-1) ?? ''}`);
    if (named !== undefined) return named;
    const group = groups.get(outer) ?? byOrder(weighted, origins, outer, { ...stored, called });
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
  { layers, called }: Pick<KerasWeights, 'layers'> & { readonly called: string },
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
  const weights = layers
    .filter(({ path }) => path === called || path.startsWith(`${called}/`))
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
