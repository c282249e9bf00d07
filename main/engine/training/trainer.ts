import type { Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-node-gpu';
import type { FreezePlan } from '../../../shared/domain/freezePlan.ts';
import type { Network } from '../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../shared/domain/network.ts';
import { forward, inferenceMode, logitsOf } from '../network/index.ts';
import type { WeightArray, Weights } from '../network/index.ts';
import { weightKey } from '../network/index.ts';
import type { Tf } from '../runtime/tf.ts';
import type { AdamState } from './adam.ts';
import { Adam } from './adam.ts';

export interface TrainerOptions {
  readonly network: Network;
  /** Weights of the whole network; those of the trained part are copied. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly plan: FreezePlan;
  /** Layers that will be fed. */
  readonly frontier: readonly string[];
  /** A factor for each class, or null for all alike. */
  readonly classWeights: readonly number[] | null;
}

/** One batch: tensors by frontier layer, and the index of each image's class. */
export interface Batch {
  readonly feeds: ReadonlyMap<string, Tensor>;
  readonly labels: Int32Array;
}

export interface StepResult {
  /** Mean over the batch of class weight × cross-entropy (Keras's sum_over_batch_size). */
  readonly loss: number;
  /** Correctly classified images of the batch, before the update. */
  readonly correct: number;
}

/**
 * The part of a network behind the frontier, as TensorFlow variables: trains what the plan names and leaves the rest
 * as it is, with Keras's meaning of trainable (see FreezePlan).
 */
export class Trainer {
  readonly #tf: Tf;
  readonly #options: TrainerOptions;
  readonly #logits: string;
  readonly #variables = new Map<string, Variable>();
  readonly #trainable = new Map<string, Variable>();
  readonly #layers: ReadonlySet<string>;
  readonly #adam: Adam;

  constructor(tf: Tf, options: TrainerOptions) {
    this.#tf = tf;
    this.#options = options;
    this.#layers = new Set(options.plan.trainable);
    this.#logits = logitsOf(options.network.output);
    for (const layer of layersBehind(options.network, options.frontier)) {
      for (const { name } of layer.weights) {
        const key = weightKey(layer.name, name);
        const weight = options.weights.get(key);
        if (!weight) throw new Error(`No weight ${key}`);
        const trains = this.#layers.has(layer.name) && !isMovingStatistic(name);
        const variable = tf.tidy(() => tf.variable(tensorOf(tf, weight), trains));
        this.#variables.set(key, variable);
        if (trains) this.#trainable.set(key, variable);
      }
    }
    this.#adam = new Adam(tf, this.#trainable);
  }

  /** One step of gradient descent. `dropoutSeed` is called once for each dropout layer. */
  async step(batch: Batch, learningRate: number, dropoutSeed: () => number): Promise<StepResult> {
    const tf = this.#tf;
    const moved: { key: string; value: Tensor }[] = [];
    const mode = {
      training: true,
      trainable: this.#layers,
      batchNorm: this.#options.plan.batchNorm,
      dropoutSeed,
      onMovingStatistics: (layer: string, mean: Tensor, variance: Tensor) => {
        moved.push({ key: weightKey(layer, 'moving_mean'), value: tf.keep(mean.clone()) });
        moved.push({ key: weightKey(layer, 'moving_variance'), value: tf.keep(variance.clone()) });
      },
    };
    const [loss, correct] = tf.tidy(() => {
      let right: Tensor = tf.scalar(0);
      const { value, grads } = tf.variableGrads(() => {
        const logits = this.#forward(batch, mode);
        const labels = tf.tensor1d(batch.labels, 'int32');
        right = tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, -1), labels), 'float32')));
        return this.#loss(logits, batch.labels, labels);
      }, [...this.#trainable.values()]);
      const gradients = new Map<string, Tensor>();
      for (const [key, variable] of this.#trainable) {
        const gradient = grads[variable.name];
        if (gradient) gradients.set(key, gradient);
      }
      this.#adam.apply(gradients, learningRate);
      for (const { key, value: statistic } of moved) this.#variables.get(key)?.assign(statistic);
      return [value, right];
    });
    // `assign` shares the data; the kept handles are ours to drop.
    for (const { value } of moved) value.dispose();
    const result = { loss: (await loss.data())[0] ?? NaN, correct: (await correct.data())[0] ?? 0 };
    tf.dispose([loss, correct]);
    return result;
  }

  /** Logits [batch × classes], everything in inference mode. */
  async logits(feeds: ReadonlyMap<string, Tensor>): Promise<Float32Array> {
    const output = this.#tf.tidy(() => this.#forward({ feeds }, inferenceMode));
    const values = (await output.data()) as Float32Array;
    output.dispose();
    return values;
  }

  /** The weights of the trained layers as they are now. */
  async readTrained(): Promise<Weights> {
    const weights: Weights = new Map();
    for (const layer of this.#options.network.layers.filter(({ name }) => this.#layers.has(name))) {
      for (const { name, shape } of layer.weights) {
        const variable = this.#variables.get(weightKey(layer.name, name));
        if (!variable) continue;
        const data = Float32Array.from((await variable.data()) as Float32Array);
        weights.set(weightKey(layer.name, name), { shape, data });
      }
    }
    return weights;
  }

  optimizerState(): Promise<AdamState> {
    return this.#adam.state();
  }

  restoreOptimizer(state: AdamState): void {
    this.#adam.restore(state);
  }

  dispose(): void {
    this.#adam.dispose();
    for (const variable of this.#variables.values()) variable.dispose();
  }

  #forward(batch: Pick<Batch, 'feeds'>, mode: Parameters<typeof forward>[5]): Tensor {
    const [logits] = forward(
      this.#tf,
      this.#options.network,
      this.#variables,
      batch.feeds,
      [this.#logits],
      mode,
    );
    if (!logits) throw new Error('The network gave no logits');
    return logits;
  }

  /** Cross-entropy from logits: as Keras's sparse categorical one, and stable where a probability rounds to 0. */
  #loss(logits: Tensor, classes: Int32Array, labels: Tensor1D): Scalar {
    const tf = this.#tf;
    const targets = tf.oneHot(labels, logits.shape.at(-1) ?? 1, 1, 0, 'float32');
    const losses = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1));
    const factors = this.#options.classWeights;
    if (factors === null) return tf.mean(losses);
    const perImage = Float32Array.from(classes, (index) => factors[index] ?? 1);
    return tf.mean(tf.mul(losses, tf.tensor1d(perImage)));
  }
}

function tensorOf(tf: Tf, weight: WeightArray): Tensor {
  return tf.tensor(weight.data.slice(), [...weight.shape], 'float32');
}

/** The layers that are computed from the frontier on. */
function layersBehind(network: Network, frontier: readonly string[]): Network['layers'] {
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
