import { storedZip } from '../common/storedZip.ts';
import type { StandardModel } from './standardize.ts';
import { hdf5Bytes } from './hdf5.ts';
import { functionalConfig } from './topology.ts';

/** The version whose words the files use; Keras 3 reads them as those of an older file. */
const kerasVersion = '2.15.0';

/** HDF5 attributes are cut into pieces of this many bytes of names, as Keras does. */
const mostAttributeBytes = 64_512;

/** `model.h5`: topology and weights as `model.save('model.h5')` of Keras 2.15 lays them out. */
export function h5File(model: StandardModel): Promise<Uint8Array> {
  const topology = { class_name: 'Functional', config: functionalConfig(model, false) };
  return hdf5Bytes((root) => {
    root.attribute('backend', 'tensorflow');
    root.attribute('keras_version', kerasVersion);
    root.attribute('model_config', JSON.stringify(topology));
    const weights = root.group('model_weights');
    weights.attribute('backend', 'tensorflow');
    weights.attribute('keras_version', kerasVersion);
    names(
      (name, value) => {
        weights.attribute(name, value);
      },
      'layer_names',
      model.layers.map((layer) => layer.name),
    );
    for (const layer of model.layers) {
      const group = weights.group(layer.name);
      const path = (name: string): string => `${layer.name}/${name}:0`;
      group.attribute(
        'weight_names',
        layer.weights.map(({ name }) => path(name)),
      );
      if (layer.weights.length === 0) continue;
      const own = group.group(layer.name);
      for (const { name, value } of layer.weights) own.dataset(`${name}:0`, value);
    }
    weights.group('top_level_model_weights').attribute('weight_names', []);
  });
}

/** Lists too long for one attribute go on in `name0`, `name1`… */
function names(
  attribute: (name: string, value: readonly string[]) => void,
  name: string,
  values: readonly string[],
): void {
  // A string of variable length takes 16 bytes in its attribute.
  const most = Math.floor(mostAttributeBytes / 16);
  if (values.length <= most) attribute(name, values);
  else
    for (let part = 0; part * most < values.length; part += 1)
      attribute(`${name}${part}`, values.slice(part * most, (part + 1) * most));
}

/** `model.keras`: an archive of configuration and weights, not packed. */
export async function kerasArchive(
  model: StandardModel,
  options: { readonly frozenStatistics?: boolean } = {},
): Promise<Buffer> {
  return storedZip([
    { name: 'metadata.json', data: Buffer.from(kerasMetadata(new Date())) },
    { name: 'config.json', data: Buffer.from(kerasConfig(model, options.frozenStatistics ?? false)) },
    { name: 'model.weights.h5', data: await kerasWeights(model) },
  ]);
}

/** `config.json` of a .keras file. `Model` is found by that name in every Keras that has the format. */
function kerasConfig(model: StandardModel, frozenStatistics: boolean): string {
  return JSON.stringify({
    module: 'keras',
    class_name: 'Model',
    config: functionalConfig(model, true, frozenStatistics),
    registered_name: null,
  });
}

function kerasMetadata(date: Date): string {
  const saved = date.toISOString().slice(0, 19).replace('T', '@');
  return JSON.stringify({ keras_version: kerasVersion, date_saved: saved });
}

/** `model.weights.h5` of a .keras file: weights by class name and count, in the order of the layers. */
function kerasWeights(model: StandardModel): Promise<Uint8Array> {
  return hdf5Bytes((root) => {
    root.group('vars');
    const counts = new Map<string, number>();
    for (const { className, weights } of model.layers) {
      const base = snakeCase(className);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      const vars = root.group(`layers/${count === 0 ? base : `${base}_${count}`}/vars`);
      for (const [index, { value }] of weights.entries()) vars.dataset(`${index}`, value);
    }
  });
}

/** As Keras's `naming.to_snake_case`: GlobalAveragePooling2D is global_average_pooling2d, ReLU re_lu. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
