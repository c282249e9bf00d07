import { hashWeights } from '../../weights/weights.ts';
import type { Network, JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import { buildNetwork } from '../../structure/buildNetwork.ts';
import type { BackboneCard } from '../../catalogue/card.ts';
import type { Weights } from '../../weights/weights.ts';
import type { ImportedLayers } from '../imported.ts';
import { closeInputSize } from '../inputSize.ts';
import { recognisePreprocess } from '../preprocess.ts';
import type { FlatTopology } from '../topology/flatten.ts';
import { flattenTopology } from '../topology/flatten.ts';

/** A Keras configuration, and where its weights come from. */
export interface KerasSource {
  /** The file or folder. */
  readonly location: string;
  /** What to call it in errors. */
  readonly source: string;
  readonly config: JsonValue;
  readonly card: BackboneCard | null;
  readonly readWeights: (network: Network, topology: FlatTopology) => Promise<Result<Weights>>;
}

/** Builds the network that a Keras configuration describes, whatever file it stood in. Errors: as importKeras. */
export async function importTopology({
  location,
  source,
  config,
  card,
  readWeights,
}: KerasSource): Promise<Result<ImportedLayers>> {
  const topology = flattenTopology(config, source);
  if (!topology.ok) return topology;
  const name = card?.name ?? topology.value.name;
  const closed = closeInputSize(topology.value.layers, card);
  const network = buildNetwork(name, closed.layers, topology.value.output, source);
  if (!network.ok) return network;
  const weights = await readWeights(network.value, topology.value);
  if (!weights.ok) return weights;
  return ok({
    kind: 'layers',
    location,
    network: network.value,
    weights: weights.value,
    card,
    classes: null,
    preprocess: card?.preprocess ?? recognisePreprocess(network.value, false),
    weightsHash: hashWeights(weights.value),
    notices: [...topology.value.notices, ...closed.notices],
  });
}
