import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import { storePaths } from '../keras/kerasOrder.ts';
import { flattenModel } from './flatten.ts';
import type { Leaves } from './leaves.ts';
import type { RawLayer } from './rawModel.ts';
import { configOf, isModel, layersOf, nameOf, unusable } from './rawModel.ts';

/**
 * What a nested model is called that the file gives no name: a Sequential of Keras 1 and early Keras 2 is nothing but a
 * list.
 */
export const unnamed = '(unnamed) ';

/** One layer after the other. */
export function flattenSequential(
  model: RawLayer,
  inputs: readonly string[] | null,
  path: readonly string[],
  storePath: string,
  leaves: Leaves,
): Result<readonly string[]> {
  const layers = layersOf(model, leaves.source);
  if (!layers.ok) return layers;
  if (path.length === 0) leaves.reserve(layers.value);
  const places = storePathsOf(layers.value, storePath);
  let previous = inputs?.[0] ?? null;
  for (const [index, layer] of layers.value.entries()) {
    if (layer.class_name === 'InputLayer') {
      if (previous !== null) continue;
      const added = leaves.addInput(nameOf(layer) ?? 'image', configOf(layer));
      if (!added.ok) return added;
      previous = added.value;
      continue;
    }
    if (previous === null && !isModel(layer)) {
      const added = addImpliedInput(model, layer, leaves);
      if (!added.ok) return added;
      previous = added.value;
    }
    const place = places[index] ?? '';
    const outputs = isModel(layer)
      ? flattenModel(
          layer,
          previous === null ? null : [previous],
          [...path, nameOf(layer) ?? `${unnamed}${index}`],
          place,
          leaves,
        )
      : addOne(layer, previous, path, place, leaves);
    if (!outputs.ok) return outputs;
    previous = outputs.value[0] ?? null;
  }
  return previous === null ? unusable(leaves.source, 'a Sequential model in it is empty') : ok([previous]);
}

function addOne(
  layer: RawLayer,
  previous: string | null,
  path: readonly string[],
  place: string,
  leaves: Leaves,
): Result<readonly string[]> {
  const added = leaves.addLayer(layer, previous === null ? [] : [previous], path, place);
  return added.ok ? ok([added.value]) : added;
}

/** The input that a model implies: by its first layer's `batch_input_shape`, or by what it was built with. */
function addImpliedInput(model: RawLayer, first: RawLayer, leaves: Leaves): Result<string> {
  const own = configOf(first);
  const shape = own['batch_input_shape'] ?? own['batch_shape'] ?? configOf(model)['build_input_shape'];
  const name = nameOf(first) ?? 'first';
  if (shape === undefined || shape === null)
    return unusable(
      leaves.source,
      `its first layer "${name}" states no input shape`,
      'Call the model on an image, or give its first layer an Input, before saving it.',
    );
  return leaves.addInput(`${name}_input`, { batch_input_shape: shape, dtype: 'float32', sparse: false });
}

/** Where a `.weights.h5` keeps each layer of a model. */
export function storePathsOf(layers: readonly RawLayer[], storePath: string): string[] {
  const counted = layers.map(({ class_name: className }, index) => ({ name: `${index}`, className }));
  const inner = storePaths(counted);
  const prefix = storePath === '' ? '' : `${storePath}/`;
  return layers.map((_, index) => prefix + (inner.get(`${index}`) ?? ''));
}
