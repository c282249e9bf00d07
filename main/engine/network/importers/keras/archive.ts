import path from 'node:path';
import { z } from 'zod';
import { thawError } from '../../../../../shared/errors.ts';
import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { Hdf5Source } from '../../hdf5/protocol.ts';
import { parseUntrustedJson } from '../files/json.ts';
import { openModelZip } from '../files/modelZip.ts';

/** A `.keras` file, opened: configuration, and where its weights are. */
export interface KerasArchive {
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly kerasVersion: string;
  readonly weights: Hdf5Source;
}

const maximumConfigBytes = 100_000_000;
const weightsName = 'model.weights.h5';

const metadata = z.object({ keras_version: z.string() }).catch({ keras_version: 'unknown' });
const configuration = z.record(z.string(), z.json());

/**
 * Opens Keras 3's native format, which Keras 2.12 and later write too: a zip of config.json, metadata.json and
 * model.weights.h5 (keras/saving/saving_lib.py).
 */
export async function openKerasArchive(location: string): Promise<Result<KerasArchive>> {
  const zip = await openModelZip(location);
  if (!zip.ok) return zip;
  const name = path.basename(location);
  try {
    if (!zip.value.names.includes('config.json') || !zip.value.names.includes(weightsName)) {
      return err(
        thawError('input-unsupported', `${name} is a zip archive, but no Keras model.`, {
          expected: `config.json and ${weightsName}`,
          found: zip.value.names.slice(0, 5).join(', '),
        }),
      );
    }
    const config = parse(await zip.value.read('config.json', maximumConfigBytes), name, 'config.json');
    if (!config.ok) return config;
    const model = configuration.safeParse(config.value);
    if (!model.success)
      return err(thawError('input-corrupt', `config.json in ${name} is no model configuration.`));
    const about = parse(await zip.value.read('metadata.json', maximumConfigBytes), name, 'metadata.json');
    const weights = await zip.value.source(weightsName);
    if (!weights.ok) return weights;
    return ok({
      config: model.data as Record<string, JsonValue>,
      kerasVersion: metadata.parse(about.ok ? about.value : null).keras_version,
      weights: weights.value,
    });
  } finally {
    zip.value.close();
  }
}

function parse(bytes: Result<Uint8Array>, archive: string, entry: string): Result<unknown> {
  if (!bytes.ok) return bytes;
  return parseUntrustedJson(new TextDecoder().decode(bytes.value), `${entry} in ${archive}`);
}
