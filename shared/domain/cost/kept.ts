import { frontierOf } from '../freezePlan.ts';
import { reaches } from '../plan/flow.ts';
import type { PlanLayer } from './planCost.ts';

/** Features of a dataset's images that are kept for later runs, at one place of the network. */
export interface KeptFeatures {
  /** The layers whose outputs are kept; none for the pixels themselves. */
  readonly layers: readonly string[];
  /** Images of each side that have them; of variations, of each image as many as are kept. */
  readonly train: number;
  readonly validation: number;
}

type Counts = Pick<KeptFeatures, 'train' | 'validation'>;

/** What is kept for a cut, and what of an earlier one saves work. */
export interface KeptForCut {
  readonly here: Counts;
  /** The nearest earlier place with kept features, and the multiply-adds up to there; null without one. */
  readonly earlier: (Counts & { readonly multiplyAdds: number }) | null;
}

export const nothingKept: KeptForCut = { here: { train: 0, validation: 0 }, earlier: null };

/**
 * What is kept for training from a layer on.
 * @param layers of the network with its head, in topological order. @param cut the first layer that trains.
 */
export function keptForCut(
  layers: readonly PlanLayer[],
  cut: string,
  kept: readonly KeptFeatures[],
): KeptForCut {
  if (kept.length === 0) return nothingKept;
  const frontier = frontierOf({ layers }, cut).map(({ name }) => name);
  const order = new Map(layers.map(({ name }, index) => [name, index]));
  const isInput = frontier.length === 1 && frontier[0] === layers[0]?.name;
  const wanted = isInput ? '' : names(frontier);
  // What lies behind the backbone's last layer is the head's pooling, which a head alone reads.
  const isHead = layers.findIndex(({ name }) => name === cut) === layers.length - 1;
  const isHere = (one: KeptFeatures): boolean =>
    names(one.layers) === wanted ||
    (isHead && one.layers.length > 0 && one.layers.every((layer) => !order.has(layer)));
  const [earlier] = kept
    .filter((one) => !isHere(one) && one.layers.length > 0 && reaches(layers, one.layers, frontier))
    .map(({ layers: at, train, validation }) => {
      const deepest = Math.max(...at.map((layer) => order.get(layer) ?? 0));
      const before = layers.slice(0, deepest + 1);
      return { train, validation, multiplyAdds: before.reduce((sum, one) => sum + one.multiplyAdds, 0) };
    })
    .sort((one, other) => other.multiplyAdds - one.multiplyAdds);
  const { train = 0, validation = 0 } = kept.find(isHere) ?? {};
  return { here: { train, validation }, earlier: earlier ?? null };
}

function names(layers: readonly string[]): string {
  return [...layers].sort().join('\n');
}
