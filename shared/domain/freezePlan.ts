import type { Layer, Network } from './network.ts';
import { isMovingStatistic } from './network.ts';

/**
 * Which layers train. A layer not named here is frozen, as with Keras's `layer.trainable = False`: its weights
 * take no gradient, and a frozen batch normalisation runs in inference mode and keeps its moving statistics.
 */
export interface FreezePlan {
  /** Names of the trainable layers. */
  readonly trainable: readonly string[];
  /**
   * What a trainable batch normalisation does: `inference` trains gamma and beta with the stored statistics
   * (the fine-tuning default); `update` normalises by the batch and moves the statistics, as Keras's `training=True`.
   */
  readonly batchNorm: 'inference' | 'update';
}

/** The first trainable layer in topological order, or undefined when everything is frozen. */
export function cutOf(network: Network, plan: FreezePlan): Layer | undefined {
  const trainable = new Set(plan.trainable);
  return network.layers.find((layer) => trainable.has(layer.name) && layer.weights.length > 0);
}

/**
 * The layers before the cut whose outputs the cut or anything after it reads. More than one when the cut lies
 * inside a residual branch.
 */
export function frontierOf<Read extends Pick<Layer, 'name' | 'inputs'>>(
  network: { readonly layers: readonly Read[] },
  cut: string,
): Read[] {
  const cutIndex = network.layers.findIndex((layer) => layer.name === cut);
  const prefix = new Map(network.layers.slice(0, cutIndex).map((layer) => [layer.name, layer]));
  const needed = new Set<string>();
  for (const layer of network.layers.slice(cutIndex))
    for (const input of layer.inputs) if (prefix.has(input)) needed.add(input);
  return [...prefix.values()].filter((layer) => needed.has(layer.name));
}

/** Layers by name and block, in topological order: all that is needed to say which ones thaw. */
export interface NamedLayers {
  readonly layers: readonly Pick<Layer, 'name' | 'block'>[];
}

/** All layers from `from` to the output, in topological order. */
export function thawFrom(network: NamedLayers, from: string): string[] {
  const index = network.layers.findIndex((layer) => layer.name === from);
  return index < 0 ? [] : network.layers.slice(index).map((layer) => layer.name);
}

/** Layers whose name, or whose block's name, matches one of the globs (`*` and `?`). */
export function thawGlobs(network: NamedLayers, globs: readonly string[]): string[] {
  const patterns = globs.map(globToRegExp);
  return network.layers
    .filter((layer) => patterns.some((pattern) => pattern.test(layer.name) || pattern.test(layer.block)))
    .map((layer) => layer.name);
}

export interface ParameterCount {
  readonly trainable: number;
  readonly frozen: number;
}

/** Keras's count: a trainable batch normalisation's moving statistics are non-trainable parameters. */
export function countParameters(network: Network, plan: FreezePlan): ParameterCount {
  const thawed = new Set(plan.trainable);
  let trainable = 0;
  let total = 0;
  for (const layer of network.layers) {
    for (const weight of layer.weights) {
      const size = weight.shape.reduce((product, dimension) => product * dimension, 1);
      total += size;
      if (thawed.has(layer.name) && !isMovingStatistic(weight.name)) trainable += size;
    }
  }
  return { trainable, frozen: total - trainable };
}

/** Whether a name matches a glob (`*` and `?`). */
export function globMatcher(glob: string): (name: string) => boolean {
  const pattern = globToRegExp(glob);
  return (name) => pattern.test(name);
}

function globToRegExp(glob: string): RegExp {
  const source = [...glob]
    .map((character) => {
      if (character === '*') return '.*';
      if (character === '?') return '.';
      return character.replace(/[\\^$+.()|[\]{}]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
