import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err } from '../../../../../shared/result.ts';
import type { ImportedLayers } from '../imported.ts';
import { zipFiles } from '../files/modelFiles.ts';
import { parseModelJson } from './modelJson.ts';
import { openModelZip } from '../files/modelZip.ts';
import { importLayersModel } from './tfjsLayers.ts';

const mostDescriptionBytes = 100_000_000;

/**
 * Reads a zip of a TensorFlow.js LayersModel: model.json, its weights, and what Teachable Machine puts beside them.
 * Errors: as importLayersModel; engine-unsupported for a GraphModel, which runs from a folder only.
 */
export async function importZippedLayers(location: string): Promise<Result<ImportedLayers>> {
  const zip = await openModelZip(location);
  if (!zip.ok) return zip;
  try {
    const description = zip.value.names.find((name) => /(^|\/)model\.json$/.test(name)) ?? 'model.json';
    const bytes = await zip.value.read(description, mostDescriptionBytes);
    if (!bytes.ok) return bytes;
    const model = parseModelJson(new TextDecoder().decode(bytes.value), location);
    if (!model.ok) return model;
    if ('node' in model.value.modelTopology)
      return err(
        thawError('engine-unsupported', `${location} is a zip of a GraphModel.`, {
          remedy: 'Unpack it and give the folder.',
        }),
      );
    const inside = description.slice(0, -'model.json'.length);
    return await importLayersModel(zipFiles(zip.value, location, inside), location, model.value, null);
  } finally {
    zip.value.close();
  }
}
