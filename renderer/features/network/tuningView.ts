import { decayedRates } from '../../../shared/domain/plan/factors.ts';
import type { Factors } from '../../../shared/domain/plan/factors.ts';
import type { ModelReport } from '../../../shared/ipc/model/report.ts';
import type { Thawed } from '../../../shared/domain/plan/edits.ts';
import { rateText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useTraining } from '../../stores/training/training.ts';
import type { ItemId } from './items.ts';
import { headItem, layersOf } from './items.ts';

/** What the graph and the panel show of learning rates and L2-SP. */

interface Rates {
  readonly model: ModelReport;
  readonly thawed: Thawed;
  readonly rates: Factors;
  readonly rateDecay: number;
  readonly of: ReadonlyMap<string, number>;
}

let latest: Rates | null = null;

/** The factor of each thawed layer's learning rate: its own times that of its depth. Computed once for a plan. */
export function effectiveRates(
  model: ModelReport,
  thawed: Thawed,
  rates: Factors,
  rateDecay: number,
): ReadonlyMap<string, number> {
  if (
    latest?.model === model &&
    latest.thawed === thawed &&
    latest.rates === rates &&
    latest.rateDecay === rateDecay
  )
    return latest.of;
  const trained = model.layers.filter(({ name, trainable }) => trainable > 0 && thawed.has(name));
  const decayed = decayedRates(trained, rateDecay);
  const of = new Map(
    trained.map(({ name }) => [name, (decayed.get(name) ?? 1) * (rates.get(name) ?? 1)] as const),
  );
  latest = { model, thawed, rates, rateDecay, of };
  return of;
}

/** "× 0.1" or "× 0.1 – 0.5" where an item's layers learn at another rate than the phase's; null where all do. */
export function useRateMark(item: ItemId): string | null {
  const rateDecay = useTraining(({ choice }) => choice.rateDecay);
  return usePlan(({ model, thawed, rates }) => {
    if (model === null || item === headItem || (rates.size === 0 && rateDecay === 1)) return null;
    const of = effectiveRates(model, thawed, rates, rateDecay);
    const own = layersOf(model, item).flatMap((layer) => of.get(layer) ?? []);
    return rateMark(own);
  });
}

/** Factors as a mark; null when there are none, or all are 1. */
export function rateMark(factors: readonly number[]): string | null {
  if (factors.every((factor) => factor === 1)) return null;
  const text = messages.inspector.tuning;
  const [least, most] = [Math.min(...factors), Math.max(...factors)].map(twoDigits);
  return least === most ? text.times(least ?? '') : text.between(least ?? '', most ?? '');
}

/** "L2-SP 0.01" where an item's thawed layers have a strength of their own that they agree on, else null. */
export function usePullMark(item: ItemId): string | null {
  return usePlan(({ model, thawed, l2sp }) => {
    if (model === null || l2sp.size === 0 || item === headItem) return null;
    const own = new Set(
      layersOf(model, item).flatMap((layer) => (thawed.has(layer) ? (l2sp.get(layer) ?? []) : [])),
    );
    if (own.size === 0) return null;
    const text = messages.inspector.tuning;
    return text.pulled(own.size > 1 ? text.mixed : [...own].map(rateText).join(''));
  });
}

function twoDigits(factor: number): string {
  return rateText(Number(factor.toPrecision(2)));
}
