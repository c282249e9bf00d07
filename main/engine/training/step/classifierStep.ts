import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { FreezePlan } from '../../../../shared/domain/freezePlan.ts';
import type { Network } from '../../../../shared/domain/network.ts';
import { findLayer, isMovingStatistic, ownerOf } from '../../../../shared/domain/network.ts';
import { forward, inferenceMode, logitsOf, sizeOf, weightKey } from '../../network/index.ts';
import type { WeightArray } from '../../network/index.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { slotKey } from '../optimizers/optimizer.ts';
import { averageSlot } from '../optimizers/wrappers.ts';
import { clipByGlobalNorm } from './clipping.ts';
import { gradientsOf } from './gradientsOf.ts';
import { crossEntropy, hits } from './loss.ts';
import type { StepDefinition, StepState } from './stepDefinition.ts';

export interface ClassifierOptions {
  readonly network: Network;
  /** Weights of the whole network. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly plan: FreezePlan;
  /** Layers that will be fed. */
  readonly frontier: readonly string[];
  readonly optimizer: Optimizer;
  /** Common norm that all gradients together are kept below; 0 or not told: none. */
  readonly clipNorm?: number;
}

/**
 * Training of the part of a network behind the frontier: cross-entropy from logits, what the plan names learns, the
 * rest stays as it is, with Keras's meaning of trainable (see FreezePlan).
 */
export function classifierStep(options: ClassifierOptions): StepDefinition {
  const { network, plan, frontier, optimizer } = options;
  const logits = logitsOf(network.output);
  const trainable = new Set(plan.trainable);
  const { state, trained } = initialState(options, trainable);
  const computed = layersBehind(network, frontier);

  const weightsIn = (all: StepState, own: readonly Tensor[]): Map<string, Tensor> =>
    new Map([...all, ...trained.map((key, index) => [key, own[index] ?? missing(key)] as const)]);

  return {
    state,
    feedShapes: new Map(frontier.map((name) => [name, findLayer(network, name)?.outputShape ?? []])),
    classes: network.layers.at(-1)?.outputShape.at(-1) ?? 1,
    mixesImages:
      plan.batchNorm === 'update' &&
      computed.some(({ name, className }) => className === 'BatchNormalization' && trainable.has(name)),
    scalars: (step, learningRate) => optimizer.scalars(step, learningRate),
    train(tf, all, { feeds, targets, sampleWeights, seed, scalars }) {
      const moved = new Map<string, Tensor>();
      const mode = {
        training: true,
        trainable,
        batchNorm: plan.batchNorm,
        dropoutSeed: seed,
        onMovingStatistics: (layer: string, mean: Tensor, variance: Tensor) => {
          moved.set(weightKey(layer, 'moving_mean'), tf.keep(mean.clone()));
          moved.set(weightKey(layer, 'moving_variance'), tf.keep(variance.clone()));
        },
      };
      const values = trained.map((key) => all.get(key) ?? missing(key));
      const kept: { correct?: Tensor } = {};
      const { value: loss, gradients } = gradientsOf(tf, values, (own) => {
        const output = outputOf(tf, network, weightsIn(all, own), feeds, logits, mode);
        kept.correct = tf.keep(hits(tf, output, targets));
        return crossEntropy(tf, output, targets, sampleWeights);
      });
      const clipped = clipByGlobalNorm(tf, gradients, options.clipNorm ?? 0);
      const updates = new Map<string, Tensor>();
      for (const [index, key] of trained.entries()) {
        const [value, gradient] = [values[index] ?? missing(key), clipped[index] ?? missing(key)];
        const slots = Object.fromEntries(
          optimizer.slots.map((slot) => {
            const name = slotKey(optimizer, slot, key);
            return [slot, all.get(name) ?? missing(name)];
          }),
        );
        const updated = optimizer.update(tf, { key, value, gradient, slots, scalars });
        updates.set(key, updated.value);
        for (const slot of optimizer.slots)
          updates.set(slotKey(optimizer, slot, key), updated.slots[slot] ?? missing(slot));
      }
      for (const [key, statistic] of moved) updates.set(key, letGo(statistic));
      return { loss, correct: letGo(kept.correct ?? missing('hits')), updates };
    },
    evaluate: (tf, all, feeds) =>
      outputOf(
        tf,
        network,
        weightsIn(
          all,
          trained.map((key) => all.get(evaluatedKey(optimizer, key)) ?? missing(key)),
        ),
        feeds,
        logits,
        inferenceMode,
      ),
  };
}

/** The state entry that stands for a trained weight outside training: its moving average where one is kept. */
export function evaluatedKey(optimizer: Optimizer, key: string): string {
  return optimizer.slots.includes(averageSlot) ? slotKey(optimizer, averageSlot, key) : key;
}

/** The network's weights behind the frontier, and empty slots for those that train. */
function initialState(
  { network, weights, frontier, optimizer }: ClassifierOptions,
  trainable: ReadonlySet<string>,
): { state: Map<string, WeightArray>; trained: string[] } {
  const state = new Map<string, WeightArray>();
  const trained: string[] = [];
  for (const layer of layersBehind(network, frontier)) {
    const owner = findLayer(network, ownerOf(layer)) ?? layer;
    for (const { name } of owner.weights) {
      const key = weightKey(owner.name, name);
      if (state.has(key)) continue;
      state.set(key, weights.get(key) ?? missing(key));
      if (trainable.has(owner.name) && !isMovingStatistic(name)) trained.push(key);
    }
  }
  for (const slot of optimizer.slots) {
    for (const key of trained) {
      const { shape, data } = state.get(key) ?? missing(key);
      const initial = optimizer.initial?.(slot, data, key) ?? new Float32Array(sizeOf(shape));
      state.set(slotKey(optimizer, slot, key), { shape, data: initial });
    }
  }
  return { state, trained };
}

function outputOf(tf: Tf, network: Network, ...rest: ForwardRest): Tensor {
  const [weights, feeds, name, mode] = rest;
  const [output] = forward(tf, network, weights, feeds, [name], mode);
  return output ?? missing(name);
}
type ForwardRest = [
  weights: StepState,
  feeds: ReadonlyMap<string, Tensor>,
  name: string,
  mode: Parameters<typeof forward>[5],
];

/** A tensor that outlived its tidy by `tf.keep` becomes one of the enclosing tidy. */
function letGo(kept: Tensor): Tensor {
  const own = kept.clone();
  kept.dispose();
  return own;
}

function missing(what: string): never {
  throw new Error(`The training step has no ${what}`);
}

/** The layers that are computed from the frontier on. */
export function layersBehind(network: Network, frontier: readonly string[]): Network['layers'] {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  const needed = new Set<string>();
  const pending = [network.output];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name) || frontier.includes(name)) continue;
    needed.add(name);
    pending.push(...(byName.get(name)?.inputs ?? []));
  }
  return network.layers.filter(({ name }) => needed.has(name));
}
