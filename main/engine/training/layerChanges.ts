import type { LayerChange } from '../../../shared/domain/layerChanges.ts';
import type { Network } from '../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../shared/domain/network.ts';
import type { WeightArray } from '../network/index.ts';
import { weightKey } from '../network/index.ts';

type Weights = ReadonlyMap<string, WeightArray>;

/**
 * How far each trained layer went in an epoch: ‖w − w₋₁‖ and ‖w − w₀‖ beside ‖w‖. It reads weights that a checkpoint has
 * read anyway, so it asks nothing of the training graph.
 * @param now the weights that train. @param before those of the epoch before. @param start those the run began with.
 */
export function layerChanges(network: Network, now: Weights, before: Weights, start: Weights): LayerChange[] {
  return network.layers.flatMap(({ name: layer, weights }) => {
    const sums = { norm: 0, change: 0, drift: 0 };
    let isTrained = false;
    for (const { name } of weights) {
      const key = weightKey(layer, name);
      const values = now.get(key)?.data;
      if (values === undefined || isMovingStatistic(name)) continue;
      isTrained = true;
      addSquares(sums, values, before.get(key)?.data, start.get(key)?.data);
    }
    if (!isTrained) return [];
    const [norm, change, drift] = [sums.norm, sums.change, sums.drift].map(Math.sqrt);
    return [{ layer, norm: norm ?? 0, change: change ?? 0, drift: drift ?? 0 }];
  });
}

function addSquares(
  sums: { norm: number; change: number; drift: number },
  values: Float32Array,
  before: Float32Array | undefined,
  start: Float32Array | undefined,
): void {
  let [norm, change, drift] = [0, 0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    const step = value - (before?.[at] ?? 0);
    const way = value - (start?.[at] ?? 0);
    norm += value * value;
    change += step * step;
    drift += way * way;
  }
  sums.norm += norm;
  sums.change += change;
  sums.drift += drift;
}
