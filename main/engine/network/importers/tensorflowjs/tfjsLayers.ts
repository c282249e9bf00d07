import { z } from 'zod';
import { thawError } from '../../../../../shared/errors.ts';
import type { Layer, Network } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { buildNetwork } from '../../structure/buildNetwork.ts';
import type { BackboneCard } from '../../catalogue/card.ts';
import type { WeightArray, Weights } from '../../weights/weights.ts';
import { hashWeights, weightKey } from '../../weights/weights.ts';
import type { ImportedLayers } from '../imported.ts';
import { closeInputSize } from '../inputSize.ts';
import { parseUntrustedJson } from '../files/json.ts';
import type { ModelFiles } from '../files/modelFiles.ts';
import type { ModelJson } from './modelJson.ts';
import { recognisePreprocess } from '../preprocess.ts';
import { readShards } from './shards.ts';
import type { FlatTopology } from '../topology/flatten.ts';
import { flattenTopology } from '../topology/flatten.ts';

/** Reads a TensorFlow.js LayersModel. */
export async function importLayersModel(
  files: ModelFiles,
  file: string,
  model: ModelJson,
  card: BackboneCard | null,
): Promise<Result<ImportedLayers>> {
  const topology = flattenTopology(model.modelTopology, file);
  if (!topology.ok) return topology;
  const closed = closeInputSize(topology.value.layers, card);
  const name = card?.name ?? topology.value.name;
  const network = buildNetwork(name, closed.layers, topology.value.output, file);
  if (!network.ok) return network;
  const stored = await readShards(files, model.weightsManifest);
  if (!stored.ok) return stored;
  const weights = assignWeights(network.value, topology.value, stored.value, file);
  if (!weights.ok) return weights;
  const teachable = await teachableMetadata(files);
  return ok({
    kind: 'layers',
    location: file,
    network: network.value,
    weights: weights.value,
    card,
    classes: teachable?.labels ?? null,
    preprocess: card?.preprocess ?? recognisePreprocess(network.value, teachable !== null),
    weightsHash: hashWeights(weights.value),
    notices: [...topology.value.notices, ...closed.notices],
  });
}

/** Gives every weight of the network its stored array, by name, and checks the shapes. */
function assignWeights(
  network: Network,
  { origins, constants }: Pick<FlatTopology, 'origins' | 'constants'>,
  stored: ReadonlyMap<string, WeightArray>,
  file: string,
): Result<Weights> {
  const byKey = new Map([...constants, ...keysOf(network, origins, stored)]);
  const weights: Weights = new Map();
  for (const layer of network.layers) {
    for (const { name, shape } of layer.weights) {
      const key = weightKey(layer.name, name);
      const weight = byKey.get(key);
      if (weight === undefined) {
        return err(
          thawError('input-corrupt', `${file} has no weight "${name}" for layer "${layer.name}".`, {
            expected: `${key} [${shape.join(', ')}]`,
            remedy: 'Convert or copy the model again.',
          }),
        );
      }
      if (weight.shape.join() !== shape.join()) {
        return err(
          thawError('input-corrupt', `Weight ${key} of ${file} has the wrong shape.`, {
            expected: `[${shape.join(', ')}]`,
            found: `[${weight.shape.join(', ')}]`,
          }),
        );
      }
      weights.set(key, weight);
    }
  }
  return ok(weights);
}

/** Stored names may carry nested models' names before the layer's, and a number after the weight's. */
function keysOf(
  network: Network,
  origins: FlatTopology['origins'],
  stored: ReadonlyMap<string, WeightArray>,
): Map<string, WeightArray> {
  const layers = new Map<string, Layer>();
  for (const layer of [...network.layers].reverse()) {
    const path = origins.get(layer.name)?.path ?? [layer.name];
    for (const from of path.keys()) layers.set(path.slice(from).join('/'), layer);
  }
  const byKey = new Map<string, WeightArray>();
  for (const [storedName, weight] of stored) {
    const parts = storedName.replace(/:\d+$/, '').split('/');
    const last = parts.pop() ?? '';
    const candidates = parts.map((_, index) => parts.slice(index).join('/'));
    const layer = candidates.map((name) => layers.get(name)).find((found) => found !== undefined);
    if (layer === undefined) continue;
    const plain = last.replace(/_\d+$/, '');
    const name = layer.weights.some((spec) => spec.name === last) ? last : plain;
    byKey.set(weightKey(layer.name, name), weight);
  }
  return byKey;
}

const teachable = z.object({ tmVersion: z.string(), labels: z.array(z.string()).optional() });

/** Teachable Machine puts a metadata.json with its version and the labels beside the model. */
async function teachableMetadata(files: ModelFiles): Promise<z.infer<typeof teachable> | null> {
  const bytes = await files.read('metadata.json');
  const parsed = bytes === null ? null : parseUntrustedJson(new TextDecoder().decode(bytes), 'metadata.json');
  const metadata = parsed?.ok === true ? teachable.safeParse(parsed.value) : null;
  return metadata?.success === true ? metadata.data : null;
}
