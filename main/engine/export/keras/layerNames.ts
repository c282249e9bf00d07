import type { Network } from '../../../../shared/domain/network.ts';
import type { Dialect } from './standardLayers.ts';

/** The input of every export. */
export const inputName = 'image';

/**
 * What each layer is called in an export, apart from the input layer, whose name is `image` (a layer that has it gives
 * way). Keras 3 takes no slash in a name, which Keras 2's own applications have ("conv1/conv"): there it becomes "_".
 */
export function layerNames({ layers }: Network, dialect: Dialect): ReadonlyMap<string, string> {
  const others = layers.slice(1).map(({ name }) => name);
  const needsAnother = (name: string): boolean =>
    name === inputName || (dialect === 'keras' && name.includes('/'));
  const taken = new Set([inputName, ...others.filter((name) => !needsAnother(name))]);
  const names = new Map<string, string>();
  for (const name of others) {
    const wanted = name === inputName ? 'image_layer' : name.replaceAll('/', '_');
    let own = needsAnother(name) ? wanted : name;
    for (let copy = 2; needsAnother(name) && taken.has(own); copy += 1) own = `${wanted}_${copy}`;
    taken.add(own);
    names.set(name, own);
  }
  return names;
}
