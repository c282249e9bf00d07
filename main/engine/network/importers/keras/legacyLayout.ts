import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import type { Hdf5Group, Hdf5Node } from '../../hdf5/protocol.ts';
import type { StoredLayer, StoredWeight } from './storedWeights.ts';
import { isNumericDataset, storedWeight } from './storedWeights.ts';

/**
 * The layout of Keras 1, 2 and 3's `.h5`: a group a layer, its attribute `layer_names` the order, each group's
 * `weight_names` the order of its weights; in the group `model_weights` when the file is a whole model
 * (keras/saving/hdf5_format.py, legacy_h5_format.py).
 */
export function hasLegacyLayout(root: Hdf5Group): boolean {
  return textList(weightsGroup(root).group, 'layer_names') !== null;
}

export function readLegacyLayout(file: Hdf5File, source: string): Result<StoredLayer[]> {
  const { group, prefix } = weightsGroup(file.root);
  const layers: StoredLayer[] = [];
  let place = 0;
  for (const layerName of textList(group, 'layer_names') ?? []) {
    const layerGroup = group.children.get(layerName) ?? descend(group, layerName);
    if (layerGroup?.kind !== 'group') return damaged(source, `layer "${layerName}"`);
    const weights: StoredWeight[] = [];
    for (const weightName of textList(layerGroup, 'weight_names') ?? []) {
      const dataset = descend(layerGroup, weightName);
      if (!isNumericDataset(dataset))
        return damaged(source, `weight "${weightName}" of layer "${layerName}"`);
      const path = `${prefix}/${layerName}/${weightName}`;
      weights.push(storedWeight(file, weightName, path, dataset, place));
      place += 1;
    }
    layers.push(...splitNested(layerName, weights));
  }
  return ok(layers);
}

/**
 * A nested model is stored as one layer whose weights carry its layers' names; here it becomes those layers. A
 * frozen layer's weights stand behind all trainable ones, so it is the names that keep a layer together.
 */
function splitNested(layerName: string, weights: readonly StoredWeight[]): StoredLayer[] {
  // Keras 1 names weights without their layers.
  const owned = weights.every(({ name }) => name.includes('/'));
  const byOwner = new Map<string, StoredWeight[]>();
  for (const weight of weights) {
    const owner = weight.name.split('/').at(-2) ?? layerName;
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), weight]);
  }
  if (!owned || byOwner.size <= 1) return [{ name: layerName, path: layerName, weights }];
  return [...byOwner].map(([name, own]) => ({ name, path: `${layerName}/${name}`, weights: own }));
}

function weightsGroup(root: Hdf5Group): { group: Hdf5Group; prefix: string } {
  const inner = root.children.get('model_weights');
  return inner?.kind === 'group' ? { group: inner, prefix: '/model_weights' } : { group: root, prefix: '' };
}

/**
 * An attribute that is a list of names. One too long for HDF5's object header is stored in pieces,
 * `layer_names0`, `layer_names1`…
 */
export function textList(group: Hdf5Group, name: string): string[] | null {
  const whole = asNames(group.attributes[name]);
  if (whole !== null) return whole;
  const joined: string[] = [];
  for (let piece = 0; ; piece += 1) {
    const names = asNames(group.attributes[`${name}${piece}`]);
    if (names === null) return piece === 0 ? null : joined;
    joined.push(...names);
  }
}

/** An empty list has no text to show that it is one: Keras writes it as an empty array of numbers. */
function asNames(value: Hdf5Group['attributes'][string] | undefined): string[] | null {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return null;
  return value.every((one): one is string => typeof one === 'string') ? value : null;
}

function descend(group: Hdf5Group, path: string): Hdf5Node | undefined {
  let node: Hdf5Node | undefined = group;
  for (const part of path.split('/').filter((one) => one !== ''))
    node = node?.kind === 'group' ? node.children.get(part) : undefined;
  return node;
}

function damaged(source: string, what: string): Result<never> {
  return err(
    thawError('input-corrupt', `${source} lists ${what}, but does not hold it.`, {
      remedy: 'Copy or download the file again.',
    }),
  );
}
