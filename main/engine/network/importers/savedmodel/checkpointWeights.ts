import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { tensorflowMessages } from '../../../runtime/tensorflowMessages.ts';
import type { Weights } from '../../weights/weights.ts';
import { readFound, weightedLayers } from '../keras/assignOrigins.ts';
import type { StoredLayer, StoredWeight } from '../keras/storedWeights.ts';
import type { FlatTopology } from '../topology/flatten.ts';
import type { TensorBundle } from './bundle/tensorBundle.ts';
import { bundleFloats, bundleString } from './bundle/tensorBundle.ts';
import type { KerasObject } from './kerasMetadata.ts';

const graphKey = '_CHECKPOINTABLE_OBJECT_GRAPH';

interface TrackedObject {
  readonly children: readonly { readonly node_id: number; readonly local_name: string }[];
  readonly attributes: readonly { readonly checkpoint_key: string }[];
}

/**
 * The weights of a Keras model from the checkpoint of its SavedModel. A layer is found by its name among the objects of the
 * model around it, its variables as what the layer calls them in the checkpoint's graph of objects
 * (trackable_object_graph.proto): their keys alone do not tell, when they are listed under the outermost model.
 * Errors: input-corrupt; input-unsupported naming the layer, what was expected and found.
 */
export async function readCheckpointWeights(
  network: Network,
  topology: FlatTopology,
  objects: readonly KerasObject[],
  bundle: TensorBundle,
  source: string,
): Promise<Result<Weights>> {
  const tracked = await readObjects(bundle, source);
  if (!tracked.ok) return tracked;
  const byPlace = new Map(objects.map((one) => [`${parentOf(one.path)}\n${one.name}`, one]));
  const find = (layer: Layer, { path }: { path: readonly string[] }): StoredLayer | undefined => {
    let at = 'root';
    let found: KerasObject | undefined;
    for (const name of path) {
      found = byPlace.get(`${at}\n${name}`);
      if (found === undefined) return undefined;
      at = found.path;
    }
    const children = tracked.value[found?.id ?? -1]?.children ?? [];
    const keyOf = (weight: string): string | undefined => {
      // Normalization keeps what it adapted to under longer names.
      const child = children.find(({ local_name: name }) => name === weight || name === `adapt_${weight}`);
      return tracked.value[child?.node_id ?? -1]?.attributes[0]?.checkpoint_key;
    };
    const weights = layer.weights.flatMap(({ name, shape }, place): StoredWeight[] => {
      const key = keyOf(name);
      return key === undefined ? [] : [stored(bundle, key, name, shape, place, source)];
    });
    return { name: layer.name, path: at, weights };
  };
  return readFound(weightedLayers(network, topology.constants), topology, source, find);
}

function stored(
  bundle: TensorBundle,
  key: string,
  name: string,
  shape: readonly number[],
  place: number,
  source: string,
): StoredWeight {
  return {
    name,
    shape,
    place,
    async read() {
      const tensor = await bundle.read(key);
      if (!tensor.ok) return tensor;
      const values = bundleFloats(tensor.value);
      if (values !== null && tensor.value.shape.join() === shape.join()) return ok(values);
      return err(
        thawError('input-unsupported', `The weights "${key}" of ${source} do not fit.`, {
          expected: `${name} [${shape.join(', ')}]`,
          found: `[${tensor.value.shape.join(', ')}] of type ${tensor.value.dtype}`,
        }),
      );
    },
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

async function readObjects(bundle: TensorBundle, source: string): Promise<Result<readonly TrackedObject[]>> {
  const tensor = await bundle.read(graphKey);
  if (!tensor.ok) return tensor;
  const bytes = bundleString(tensor.value);
  try {
    if (bytes === null) throw new Error('It is no text');
    const message = tensorflowMessages.lookupType('TrackableObjectGraph').decode(bytes);
    return ok((message as unknown as { nodes: readonly TrackedObject[] }).nodes);
  } catch (cause) {
    return err(
      thawError('input-corrupt', `The checkpoint of ${source} does not tell which weights are whose.`, {
        remedy: 'Copy the folder again.',
        detail: String(cause),
      }),
    );
  }
}
