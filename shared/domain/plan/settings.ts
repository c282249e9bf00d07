import { thawFrom, thawGlobs } from '../freezePlan.ts';
import type { TrainSettings } from '../run.ts';
import type { PlanNetwork } from './edits.ts';
import { thawable } from './edits.ts';
import type { Plan } from './factors.ts';
import { emptyPlan, factorsFrom, globsOf } from './factors.ts';

type PlanSettings = Pick<TrainSettings, 'thawFrom' | 'thaw' | 'layerRates' | 'layerL2sp'>;

/** What a training takes of a plan: the names of what is thawed, and its factors by layer or block. */
export function planSettings(
  network: PlanNetwork | null,
  { thawed, rates, l2sp }: Plan,
): Omit<PlanSettings, 'thawFrom'> {
  const known = network ?? { layers: [], blocks: [], replaced: [] };
  return {
    thaw: [...thawed],
    layerRates: globsOf(known, rates, thawed),
    layerL2sp: globsOf(known, l2sp, thawed),
  };
}

/** A plan from what a training or a project was told; layers the network does not have are left out. */
export function planFrom(network: PlanNetwork, told: PlanSettings): Plan {
  const from = told.thawFrom === null ? [] : startOf(network, told.thawFrom);
  const named = new Set([...from, ...thawGlobs(network, told.thaw)]);
  const thawed = thawable(network).filter((name) => named.has(name));
  const trained = network.layers.filter(({ name }) => thawed.includes(name));
  return {
    ...emptyPlan,
    thawed: new Set(thawed),
    rates: factorsFrom(trained, told.layerRates, 'multiply'),
    l2sp: factorsFrom(trained, told.layerL2sp, 'last'),
  };
}

/** `thawFrom` takes a layer or a block, as the engine does. */
function startOf(network: PlanNetwork, from: string): string[] {
  const isLayer = network.layers.some(({ name }) => name === from);
  const first = isLayer ? from : network.layers.find(({ block }) => block === from)?.name;
  return first === undefined ? [] : thawFrom(network, first);
}
