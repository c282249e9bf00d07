import type { Hdf5File } from '../../hdf5/openHdf5.ts';
import type { Hdf5Group } from '../../hdf5/protocol.ts';
import type { StoredLayer } from './storedWeights.ts';
import { isNumericDataset, storedWeight } from './storedWeights.ts';

/**
 * The layout of `.weights.h5`, and of `model.weights.h5` in a `.keras`: layers are numbered by class in the order of
 * `model.layers` (`layers/conv2d`, `layers/conv2d_1`…), each with its variables in `vars/0`, `vars/1`…; nested models
 * repeat it inside (keras/saving/saving_lib.py). Keras 3.9 and later add the layer's name as an attribute of `vars`.
 */
export function hasStoreLayout(root: Hdf5Group): boolean {
  return layersOf(root) !== undefined;
}

export function readStoreLayout(file: Hdf5File): StoredLayer[] {
  const layers: StoredLayer[] = [];
  collect(file, file.root, '', '', layers);
  return layers;
}

/** Keras 2.13 called the group of layers otherwise. */
const layersNames = ['layers', '_layer_checkpoint_dependencies'] as const;

function layersOf(group: Hdf5Group): { name: string; layers: Hdf5Group } | undefined {
  for (const name of layersNames) {
    const layers = group.children.get(name);
    if (layers?.kind === 'group') return { name, layers };
  }
  return undefined;
}

function collect(file: Hdf5File, group: Hdf5Group, place: string, path: string, into: StoredLayer[]): void {
  const inner = layersOf(group);
  if (inner === undefined) return;
  for (const [key, child] of inner.layers.children) {
    if (child.kind !== 'group') continue;
    const childPlace = `${place}/${inner.name}/${key}`;
    const childPath = path === '' ? `layers/${key}` : `${path}/layers/${key}`;
    const vars = child.children.get('vars');
    if (vars?.kind === 'group') {
      const name = vars.attributes['name'];
      const weights = [...vars.children]
        .sort(([a], [b]) => Number(a) - Number(b))
        .flatMap(([index, node]) =>
          isNumericDataset(node)
            ? [storedWeight(file, index, `${childPlace}/vars/${index}`, node, into.length)]
            : [],
        );
      into.push({ name: typeof name === 'string' ? name : null, path: childPath, weights });
    }
    collect(file, child, childPlace, childPath, into);
  }
}
