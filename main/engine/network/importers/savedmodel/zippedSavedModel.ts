import type { Result } from '../../../../../shared/result.ts';
import { zipFilesOnDemand } from '../files/modelFiles.ts';
import { openModelZip } from '../files/modelZip.ts';
import type { ImportedGraph } from '../frozen/importedGraph.ts';
import type { ImportedLayers } from '../imported.ts';
import { graphName } from './graph/importGraph.ts';
import { importSavedModel } from './importSavedModel.ts';

/** Reads a zip of a SavedModel's folder, or of what is in it. Errors: as importSavedModel, and those of the archive. */
export async function importZippedSavedModel(
  location: string,
): Promise<Result<ImportedLayers | ImportedGraph>> {
  const zip = await openModelZip(location);
  if (!zip.ok) return zip;
  const { names } = zip.value;
  zip.value.close();
  const graph = names.find((name) => /^([^/]+\/)?saved_model\.pb$/.test(name)) ?? graphName;
  return importSavedModel(zipFilesOnDemand(location, graph.slice(0, -graphName.length)), location);
}
