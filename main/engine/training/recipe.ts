import { isMovingStatistic } from '../../../shared/domain/network.ts';
import type { Network } from '../../../shared/domain/network.ts';
import { decayedRates, factorsFrom } from '../../../shared/domain/plan/factors.ts';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { thawError, unreachable } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { WeightArray } from '../network/index.ts';
import { adam } from './optimizers/adam.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { sgd } from './optimizers/sgd.ts';
import {
  withAccumulation,
  withAverage,
  withRates,
  withStartingPoint,
  withWeightDecay,
} from './optimizers/wrappers.ts';
import type { Phase } from './phases.ts';

type RecipeSettings = Pick<
  TrainSettings,
  | 'optimizer'
  | 'momentum'
  | 'weightDecay'
  | 'accumulate'
  | 'averageMomentum'
  | 'l2sp'
  | 'rateDecay'
  | 'layerRates'
  | 'layerL2sp'
>;

/** Keras's default of AdamW. */
const adamwDecay = 0.004;

/**
 * The optimizer a phase is trained with: the rule, its weight decay, the pull towards pretrained weights, rates by
 * layer, accumulation and averaging, in this order from the inside.
 * @param headLayers layers that begin at random and have no pretrained weights to return to.
 * @param pretrained the backbone's own weights, whatever the phase begins with.
 */
export function optimizerFor(
  network: Network,
  headLayers: readonly string[],
  phase: Pick<Phase, 'plan'>,
  settings: RecipeSettings,
  pretrained: ReadonlyMap<string, WeightArray>,
): Optimizer {
  const rates = ratesOf(network, headLayers, phase, settings);
  const pulls = pullsOf(network, headLayers, phase, settings);
  const decay = settings.weightDecay ?? (settings.optimizer === 'adamw' ? adamwDecay : 0);
  let rule = withWeightDecay(ruleOf(settings), decay);
  if ([...pulls.values()].some((pull) => pull > 0))
    rule = withStartingPoint(
      rule,
      (key) => pulls.get(layerOf(key)) ?? 0,
      (key) => pretrained.get(key)?.data ?? null,
    );
  if ([...rates.values()].some((rate) => rate !== 1))
    rule = withRates(rule, (key) => rates.get(layerOf(key)) ?? 1);
  return withAverage(withAccumulation(rule, settings.accumulate), settings.averageMomentum);
}

function ruleOf({ optimizer, momentum }: RecipeSettings): Optimizer {
  switch (optimizer) {
    case 'adam':
    case 'adamw':
      return adam();
    case 'sgd':
      return sgd({ momentum });
    default:
      return unreachable(optimizer);
  }
}

/**
 * The factor of the learning rate of each trainable layer: the head's is 1, each thawed block's `rateDecay` of that of
 * the next one, and what `layerRates` names is multiplied by its factor.
 */
export function ratesOf(
  network: Network,
  headLayers: readonly string[],
  { plan }: Pick<Phase, 'plan'>,
  { rateDecay, layerRates }: Pick<RecipeSettings, 'rateDecay' | 'layerRates'>,
): Map<string, number> {
  const learns = learningLayers(network, plan);
  const head = new Set(headLayers);
  const decayed = decayedRates(
    learns.filter(({ name }) => !head.has(name)),
    rateDecay,
  );
  const own = factorsFrom(learns, layerRates, 'multiply');
  return new Map(learns.map(({ name }) => [name, (decayed.get(name) ?? 1) * (own.get(name) ?? 1)]));
}

/** How strongly each trainable layer is pulled to its pretrained weights; the head has none to return to. */
export function pullsOf(
  network: Network,
  headLayers: readonly string[],
  { plan }: Pick<Phase, 'plan'>,
  { l2sp, layerL2sp }: Pick<RecipeSettings, 'l2sp' | 'layerL2sp'>,
): Map<string, number> {
  const head = new Set(headLayers);
  const learns = learningLayers(network, plan).filter(({ name }) => !head.has(name));
  const own = factorsFrom(learns, layerL2sp, 'last');
  return new Map(learns.map(({ name }) => [name, own.get(name) ?? l2sp]));
}

/** The trainable layers that have something to learn. */
function learningLayers(network: Network, plan: Phase['plan']): Network['layers'] {
  const trainable = new Set(plan.trainable);
  return network.layers.filter(
    ({ name, weights }) => trainable.has(name) && weights.some((weight) => !isMovingStatistic(weight.name)),
  );
}

/** Refuses a glob of `layerRates` or `layerL2sp` that names no layer. Errors: usage. */
export function checkLayerFactors(
  network: Network,
  { layerRates, layerL2sp }: Pick<RecipeSettings, 'layerRates' | 'layerL2sp'>,
): Result<void> {
  const isIdle = (glob: string): boolean => factorsFrom(network.layers, { [glob]: 1 }, 'last').size === 0;
  for (const [option, globs] of [
    ['--layer-rates', layerRates],
    ['--layer-l2sp', layerL2sp],
  ] as const) {
    const idle = Object.keys(globs).find(isIdle);
    if (idle === undefined) continue;
    return err(
      thawError('usage', `${option}: ${network.name} has no layer or block "${idle}".`, {
        expected: `a layer's name, or one of the blocks ${network.blocks.map(({ name }) => name).join(', ')}`,
        found: idle,
        remedy: '`thaw inspect MODEL` lists the layers.',
      }),
    );
  }
  return ok(undefined);
}

function layerOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}
