import type { Block, Layer } from '../../../../shared/domain/network.ts';
import { blocksByName } from './byName.ts';
import { blocksByStructure } from './byStructure.ts';
import { headStart } from './headStart.ts';

type BareLayer = Omit<Layer, 'block'>;

/**
 * Groups a network's layers (in topological order) into blocks a person would thaw together. Known families are
 * recognised by their layers' names (`block_13`); anything else is split where one tensor alone leads on: after
 * residual additions, linear bottlenecks and poolings, before strided convolutions. What comes before the first
 * block is the `stem`, what comes after the last is the `top`, and the classifier is the `head`.
 */
export function groupIntoBlocks(layers: readonly BareLayer[]): {
  blockOf: ReadonlyMap<string, string>;
  blocks: Block[];
} {
  const head = headStart(layers);
  const body = layers.slice(0, head);
  const names = blocksByName(body) ?? blocksByStructure(body);
  const blockOf = new Map(layers.map((layer, index) => [layer.name, names[index] ?? 'head']));
  const members = new Map<string, BareLayer[]>();
  for (const layer of layers) {
    const block = blockOf.get(layer.name) ?? 'head';
    members.set(block, [...(members.get(block) ?? []), layer]);
  }
  const blocks = [...members].map(([name, own]) => ({
    name,
    layers: own.map((layer) => layer.name),
    parameters: own.reduce((sum, layer) => sum + layer.parameters, 0),
    outputShape: own.at(-1)?.outputShape ?? [],
  }));
  return { blockOf, blocks };
}
