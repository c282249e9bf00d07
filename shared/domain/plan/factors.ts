import { globMatcher } from '../freezePlan.ts';
import type { PlanNetwork, Thawed } from './edits.ts';

/** Numbers by layer: factors of the learning rate, or strengths of L2-SP. What is not named has the general value. */
export type Factors = ReadonlyMap<string, number>;

export const noFactors: Factors = new Map();

/** Everything a freeze plan says: which layers train, each with its factor of the learning rate and its L2-SP weight. */
export interface Plan {
  readonly thawed: Thawed;
  readonly rates: Factors;
  readonly l2sp: Factors;
}

export const emptyPlan: Plan = { thawed: new Set(), rates: noFactors, l2sp: noFactors };

/** The factors with some layers given a value, or with null the general one again. */
export function withFactor(factors: Factors, layers: readonly string[], value: number | null): Factors {
  const next = new Map(factors);
  for (const layer of layers)
    if (value === null) next.delete(layer);
    else next.set(layer, value);
  return next;
}

/** The value that all of some layers have; null when they differ. */
export function commonFactor(factors: Factors, layers: readonly string[], general: number): number | null {
  const [first, ...others] = new Set(layers.map((layer) => factors.get(layer) ?? general));
  return others.length > 0 ? null : (first ?? general);
}

export function isSameFactors(one: Factors, other: Factors): boolean {
  return one.size === other.size && [...one].every(([layer, value]) => other.get(layer) === value);
}

/**
 * The factors of the thawed layers as `layerRates` and `layerL2sp` take them: a block's name where all of its thawed
 * layers agree, else the layers'.
 */
export function globsOf(network: PlanNetwork, factors: Factors, thawed: Thawed): Record<string, number> {
  const byBlock = new Map<string, string[]>();
  for (const { name, block } of network.layers)
    if (thawed.has(name)) byBlock.set(block, [...(byBlock.get(block) ?? []), name]);
  const globs: Record<string, number> = {};
  for (const [block, layers] of byBlock) {
    const values = layers.map((layer) => factors.get(layer));
    const [first] = values;
    if (first !== undefined && values.every((value) => value === first)) globs[block] = first;
    else
      for (const [at, layer] of layers.entries()) {
        const value = values[at];
        if (value !== undefined) globs[layer] = value;
      }
  }
  return globs;
}

/**
 * Factors from globs: each layer has what the globs that match it, or its block, say together.
 * @param combine factors multiply; of strengths the last one counts.
 */
export function factorsFrom(
  layers: readonly { readonly name: string; readonly block: string }[],
  globs: Readonly<Record<string, number>>,
  combine: 'multiply' | 'last',
): Map<string, number> {
  const matchers = Object.entries(globs).map(([glob, value]) => [globMatcher(glob), value] as const);
  const factors = new Map<string, number>();
  for (const { name, block } of layers)
    for (const [matches, value] of matchers)
      if (matches(name) || matches(block))
        factors.set(name, combine === 'last' ? value : (factors.get(name) ?? 1) * value);
  return factors;
}

/**
 * `rateDecay` once for each block from the output on: the last thawed block learns at `rateDecay`, the one before at
 * its square. By layer.
 * @param layers those that train, without the head, in topological order.
 */
export function decayedRates(
  layers: readonly { readonly name: string; readonly block: string }[],
  rateDecay: number,
): Map<string, number> {
  const blocks = [...new Set(layers.map(({ block }) => block))];
  return new Map(
    layers.map(({ name, block }) => [name, rateDecay ** (blocks.length - blocks.indexOf(block))]),
  );
}

/** Howard and Ruder 2018 (1801.06146), section 3.2: each layer group at 1 / 2.6 of the rate of the next one. */
const decay = 1 / 2.6;
/** Deep networks have more blocks than their language model; below a hundredth a layer is as good as frozen. */
const leastRate = 0.01;

/** Discriminative learning rates for the thawed blocks, rounded so that they can be read. */
export function discriminativeRates(network: PlanNetwork, thawed: Thawed): Factors {
  const trained = network.layers.filter(({ name, parameters }) => parameters > 0 && thawed.has(name));
  return new Map(
    [...decayedRates(trained, decay)].map(([layer, rate]) => [
      layer,
      Number(Math.max(rate, leastRate).toPrecision(2)),
    ]),
  );
}
