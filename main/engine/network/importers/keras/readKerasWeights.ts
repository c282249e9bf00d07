import path from 'node:path';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import { hdf5FileSource, openHdf5 } from '../../hdf5/openHdf5.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import type { Hdf5Source } from '../../hdf5/protocol.ts';
import { isZip } from '../files/modelZip.ts';
import { openKerasArchive } from './archive.ts';
import { hasLegacyLayout, readLegacyLayout } from './legacyLayout.ts';
import type { KerasWeights } from './storedWeights.ts';
import { hasStoreLayout, readStoreLayout } from './storeLayout.ts';

/**
 * Opens the weights of a Keras file, whatever its extension: a legacy `.h5` (weights or whole model, Keras 1 to 3), a
 * `.weights.h5`, or a `.keras`. Values are read when asked for; close it afterwards.
 * Errors: input-missing, input-corrupt, input-refused, input-unsupported.
 */
export async function readKerasWeights(location: string): Promise<Result<KerasWeights>> {
  if (!(await isZip(location))) {
    const source = await hdf5FileSource(location);
    return source.ok ? readHdf5Weights(source.value, path.basename(location)) : source;
  }
  const archive = await openKerasArchive(location);
  return archive.ok ? readHdf5Weights(archive.value.weights, path.basename(location)) : archive;
}

/** `readKerasWeights` for an HDF5 file wherever its bytes are. */
export async function readHdf5Weights(source: Hdf5Source, name: string): Promise<Result<KerasWeights>> {
  const file = await openHdf5(source, name);
  if (!file.ok) return file;
  const weights = ofLayout(file.value, name);
  if (!weights.ok) await file.value.close();
  return weights;
}

function ofLayout(file: Hdf5File, name: string): Result<KerasWeights> {
  const { root } = file;
  const config = root.attributes['model_config'];
  const modelConfig = typeof config === 'string' ? config : null;
  const common = { source: name, modelConfig, close: () => file.close() };
  if (hasLegacyLayout(root)) {
    const layers = readLegacyLayout(file, name);
    return layers.ok ? ok({ ...common, layout: 'legacy', layers: layers.value }) : layers;
  }
  if (hasStoreLayout(root)) return ok({ ...common, layout: 'store', layers: readStoreLayout(file) });
  return err(
    thawError('input-unsupported', `${name} is an HDF5 file, but holds no Keras weights.`, {
      expected: 'the attribute layer_names, or the group layers',
      found: [...root.children.keys()].slice(0, 5).join(', ') || 'an empty file',
    }),
  );
}
