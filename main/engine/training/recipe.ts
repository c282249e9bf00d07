import { isMovingStatistic } from '../../../shared/domain/network.ts';
import type { Network } from '../../../shared/domain/network.ts';
import { globMatcher } from '../../../shared/domain/freezePlan.ts';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { thawError, unreachable } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
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
>;

/** Keras's default of AdamW. */
const adamwDecay = 0.004;

/**
 * The optimizer a phase is trained with: the rule, its weight decay, the pull towards pretrained weights, rates by
 * layer, accumulation and averaging, in this order from the inside.
 * @param headLayers layers that begin at random and have no pretrained weights to return to.
 */
export function optimizerFor(
  network: Network,
  headLayers: readonly string[],
  phase: Pick<Phase, 'plan'>,
  settings: RecipeSettings,
): Optimizer {
  const rates = ratesOf(network, headLayers, phase, settings);
  const head = new Set(headLayers);
  const decay = settings.weightDecay ?? (settings.optimizer === 'adamw' ? adamwDecay : 0);
  let rule = withWeightDecay(ruleOf(settings), decay);
  if (settings.l2sp > 0)
    rule = withStartingPoint(rule, (key) => (head.has(layerOf(key)) ? 0 : settings.l2sp));
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
  const head = new Set(headLayers);
  const trainable = new Set(plan.trainable);
  const learns = network.layers.filter(
    ({ name, weights }) => trainable.has(name) && weights.some((weight) => !isMovingStatistic(weight.name)),
  );
  const blocks = [...new Set(learns.filter(({ name }) => !head.has(name)).map(({ block }) => block))];
  const matchers = Object.entries(layerRates).map(([glob, factor]) => [globMatcher(glob), factor] as const);
  return new Map(
    learns.map(({ name, block }) => {
      const depth = head.has(name) ? 0 : blocks.length - blocks.indexOf(block);
      const own = matchers.filter(([matches]) => matches(name) || matches(block));
      return [name, own.reduce((rate, [, factor]) => rate * factor, rateDecay ** depth)];
    }),
  );
}

/** Refuses a glob of `layerRates` that names no layer. Errors: usage. */
export function checkLayerRates(
  network: Network,
  { layerRates }: Pick<RecipeSettings, 'layerRates'>,
): Result<void> {
  const idle = Object.keys(layerRates).find((glob) => {
    const matches = globMatcher(glob);
    return !network.layers.some(({ name, block }) => matches(name) || matches(block));
  });
  if (idle === undefined) return ok(undefined);
  return err(
    thawError('usage', `--layer-rates: ${network.name} has no layer or block "${idle}".`, {
      expected: `a layer's name, or one of the blocks ${network.blocks.map(({ name }) => name).join(', ')}`,
      found: idle,
      remedy: '`thaw inspect MODEL` lists the layers.',
    }),
  );
}

function layerOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}
