import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { BackboneCard } from '../../catalogue/card.ts';
import type { ImportedLayers } from '../imported.ts';
import { parseUntrustedJson } from '../files/json.ts';
import { isZip } from '../files/modelZip.ts';
import { openKerasArchive } from './archive.ts';
import { readOwnWeights } from './assignOrigins.ts';
import { importTopology } from './importTopology.ts';
import { readHdf5Weights, readKerasWeights } from './readKerasWeights.ts';
import type { KerasWeights } from './storedWeights.ts';

/**
 * Reads a whole Keras model: a `.keras` of Keras 3 or of Keras 2.12 and later, or an `.h5` of Keras 1, 2 or 3.
 * Errors: input-missing, input-corrupt, input-refused, input-unsupported (weights alone, which need an architecture to
 * be loaded onto), engine-unsupported.
 */
export async function importKeras(
  location: string,
  card: BackboneCard | null,
): Promise<Result<ImportedLayers>> {
  const opened = await openModel(location);
  if (!opened.ok) return opened;
  const { config, weights } = opened.value;
  try {
    return await importTopology({
      location,
      source: weights.source,
      config,
      card,
      readWeights: (network, topology) => readOwnWeights(network, topology, weights),
    });
  } finally {
    await weights.close();
  }
}

async function openModel(location: string): Promise<Result<{ config: JsonValue; weights: KerasWeights }>> {
  const name = path.basename(location);
  if (await isZip(location)) {
    const archive = await openKerasArchive(location);
    if (!archive.ok) return archive;
    const weights = await readHdf5Weights(archive.value.weights, name);
    return weights.ok ? ok({ config: { ...archive.value.config }, weights: weights.value }) : weights;
  }
  const weights = await readKerasWeights(location);
  if (!weights.ok) return weights;
  const config = parseConfig(weights.value, name);
  if (!config.ok) await weights.value.close();
  return config.ok ? ok({ config: config.value, weights: weights.value }) : config;
}

function parseConfig({ modelConfig }: KerasWeights, name: string): Result<JsonValue> {
  if (modelConfig === null)
    return err(
      thawError('input-unsupported', `${name} holds weights, but not the network they belong to.`, {
        expected: 'a whole model, saved by model.save',
        found: 'a file written by model.save_weights',
        remedy: `Name the architecture as well: --backbone NAME --weights ${name}. \`thaw backbones\` lists them.`,
      }),
    );
  return parseUntrustedJson(modelConfig, `The model configuration in ${name}`) as Result<JsonValue>;
}
