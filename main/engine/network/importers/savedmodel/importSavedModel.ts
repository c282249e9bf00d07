import path from 'node:path';
import type { ThawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { ModelFiles } from '../files/modelFiles.ts';
import type { ImportedGraph } from '../frozen/importedGraph.ts';
import type { ImportedLayers } from '../imported.ts';
import { importTopology } from '../keras/importTopology.ts';
import { openTensorBundle } from './bundle/tensorBundle.ts';
import { readCheckpointWeights } from './checkpointWeights.ts';
import { importSavedModelGraph } from './graph/importGraph.ts';
import { readKerasMetadata } from './kerasMetadata.ts';

/**
 * Reads a SavedModel: as layers that can be thawed, where Keras 2 wrote their configuration beside the graph and Thaw
 * computes them all; else as a graph that stays frozen, with the reason as a notice.
 * Errors: input-missing, input-corrupt, input-refused, engine-unsupported; see importSavedModelGraph.
 */
export async function importSavedModel(
  files: ModelFiles,
  location: string,
): Promise<Result<ImportedLayers | ImportedGraph>> {
  const layers = await importLayers(files, location);
  if (layers.ok && layers.value !== null) return ok(layers.value);
  // Damaged files are not better as a graph.
  if (!layers.ok && (layers.error.code === 'input-corrupt' || layers.error.code === 'input-missing'))
    return layers;
  const graph = await importSavedModelGraph(files, location);
  if (!graph.ok || layers.ok) return graph;
  return ok({ ...graph.value, notices: [...graph.value.notices, whyFrozen(location, layers.error)] });
}

async function importLayers(files: ModelFiles, location: string): Promise<Result<ImportedLayers | null>> {
  const metadata = await readKerasMetadata(files, location);
  if (!metadata.ok || metadata.value === null) return metadata as Result<null>;
  const { config, objects } = metadata.value;
  const source = path.basename(location);
  const bundle = await openTensorBundle(files, 'variables/variables');
  if (!bundle.ok) return bundle;
  return importTopology({
    location,
    source,
    config,
    card: null,
    readWeights: (network, topology) =>
      readCheckpointWeights(network, topology, objects, bundle.value, source),
  });
}

function whyFrozen(location: string, { message }: ThawError): string {
  return `${path.basename(location)} is used as a graph that stays frozen: ${message}`;
}
