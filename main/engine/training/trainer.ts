import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { FreezePlan } from '../../../shared/domain/freezePlan.ts';
import type { Network } from '../../../shared/domain/network.ts';
import type { WeightArray, Weights } from '../network/index.ts';
import { weightKeys } from '../network/index.ts';
import { isOutOfMemory } from '../runtime/outOfMemory.ts';
import type { Tf } from '../runtime/tf.ts';
import { adam } from './optimizers/adam.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { classifierStep, evaluatedKey, layersBehind } from './step/classifierStep.ts';
import { compiledRunner } from './step/compiledRunner.ts';
import { eagerRunner } from './step/eagerRunner.ts';
import type { StepDefinition, StepInputs, StepRunner } from './step/stepDefinition.ts';

export interface TrainerOptions {
  readonly network: Network;
  /** Weights of the whole network; those of the trained part are copied. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly plan: FreezePlan;
  /** Layers that will be fed. */
  readonly frontier: readonly string[];
  /** A factor for each class, or null for all alike. */
  readonly classWeights: readonly number[] | null;
  /** Adam when not told. */
  readonly optimizer?: Optimizer;
  /** See ClassifierOptions. */
  readonly clipNorm?: number;
  /** The batch size most steps will have, where that is known. */
  readonly batchSize?: number;
  /** `compiled` where it can be had, when not told. */
  readonly execution?: 'compiled' | 'eager';
}

/** One batch: tensors by frontier layer, and how much of each class every image is. */
export interface Batch {
  readonly feeds: ReadonlyMap<string, Tensor>;
  /** [batch × classes], rows that sum to 1. */
  readonly targets: Float32Array;
  /** [batch]: how much each image counts in the loss; 1 when not told. */
  readonly weights?: Float32Array;
}

/** What a schedule decides for one step. */
export interface StepSettings {
  readonly learningRate: number;
  /** Decides what dropout drops: a whole number in [0, 2³²). */
  readonly seed: number;
}

export interface StepResult {
  /** Mean over the batch of class weight × cross-entropy (Keras's sum_over_batch_size). */
  readonly loss: number;
  /** Correctly classified images of the batch, before the update. */
  readonly correct: number;
}

/** The number of steps taken and all that the optimizer remembers, by state key. */
export interface OptimizerState {
  readonly step: number;
  readonly slots: ReadonlyMap<string, WeightArray>;
}

/** The part of a network behind the frontier in training: counts the steps and makes their inputs. */
export class Trainer {
  readonly #tf: Tf;
  readonly #options: TrainerOptions;
  readonly #definition: StepDefinition;
  /** The most images a step has been found to have memory for. */
  largestBatch = Infinity;
  /** A factor for each class, or null for all alike. */
  classWeights: readonly number[] | null;
  #runner: StepRunner;
  #eagerReason: string | null;
  #step = 0;

  static async open(tf: Tf, options: TrainerOptions): Promise<Trainer> {
    const definition = classifierStep({ ...options, optimizer: options.optimizer ?? adam() });
    if (options.execution === 'eager')
      return new Trainer(tf, options, definition, eagerRunner(tf, definition), null);
    const compiled = await compiledRunner(tf, definition, options.batchSize ?? null);
    const runner = compiled.ok ? compiled.value : eagerRunner(tf, definition);
    return new Trainer(tf, options, definition, runner, compiled.ok ? null : compiled.error);
  }

  private constructor(
    tf: Tf,
    options: TrainerOptions,
    definition: StepDefinition,
    runner: StepRunner,
    eagerReason: string | null,
  ) {
    this.#tf = tf;
    this.#options = options;
    this.#definition = definition;
    this.classWeights = options.classWeights;
    this.#runner = runner;
    this.#eagerReason = eagerReason;
  }

  /** Whether steps run as one graph or operation by operation. */
  get execution(): StepRunner['kind'] {
    return this.#runner.kind;
  }

  /** Why steps run operation by operation though a graph was wanted; null otherwise. */
  get eagerReason(): string | null {
    return this.#eagerReason;
  }

  /** One step of gradient descent. */
  async step(batch: Batch, { learningRate, seed }: StepSettings): Promise<StepResult> {
    const tf = this.#tf;
    const { classes } = this.#definition;
    const scalars = Object.entries(this.#definition.scalars(this.#step + 1, learningRate));
    const inputs: StepInputs = {
      feeds: batch.feeds,
      targets: tf.tensor(batch.targets, [batch.targets.length / classes, classes]),
      sampleWeights: tf.tensor1d(this.#sampleWeights(batch)),
      seed: tf.scalar(seed | 0, 'int32'),
      scalars: Object.fromEntries(scalars.map(([name, value]) => [name, tf.scalar(value, 'float32')])),
    };
    try {
      const result = await this.#attempt((runner) => runner.train(inputs));
      this.#step += 1;
      return result;
    } finally {
      tf.dispose([inputs.targets, inputs.sampleWeights, inputs.seed, ...Object.values(inputs.scalars)]);
    }
  }

  /** Logits [batch × classes], everything in inference mode. */
  logits(feeds: ReadonlyMap<string, Tensor>): Promise<Float32Array> {
    return this.#attempt((runner) => runner.evaluate(feeds));
  }

  /** The weights of the trained layers as they are now. */
  readTrained(): Promise<Weights> {
    const { network, plan, frontier } = this.#options;
    const layers = layersBehind(network, frontier).filter(({ name }) => plan.trainable.includes(name));
    return this.#runner.read(layers.flatMap((layer) => weightKeys(layer)));
  }

  /** The weights of the trained layers as evaluation takes them: their moving averages where the optimizer keeps some. */
  async readEvaluated(): Promise<Weights> {
    const optimizer = this.#options.optimizer ?? adam();
    const weights = await this.readTrained();
    const averages = [...weights.keys()]
      .map((key) => [key, evaluatedKey(optimizer, key)] as const)
      .filter(([key, average]) => average !== key && this.#definition.state.has(average));
    const values = await this.#runner.read(averages.map(([, average]) => average));
    for (const [key, average] of averages) weights.set(key, values.get(average) ?? missingWeight(key));
    return weights;
  }

  /** Steps taken so far, over the epochs of a phase. */
  get steps(): number {
    return this.#step;
  }

  async optimizerState(): Promise<OptimizerState> {
    return { step: this.#step, slots: await this.#runner.read(this.#slotKeys()) };
  }

  /** Goes on from a state taken by `optimizerState` over the same variables. */
  restoreOptimizer(state: OptimizerState): void {
    this.#step = state.step;
    const slots = new Map<string, WeightArray>();
    for (const key of this.#slotKeys()) {
      const slot = state.slots.get(key);
      if (!slot) throw new Error(`The optimizer state has nothing for ${key}`);
      slots.set(key, slot);
    }
    this.#runner.write(slots);
  }

  dispose(): void {
    this.#runner.dispose();
  }

  /** A graph that TensorFlow refuses when it first runs is given up for eager steps from the same state. */
  async #attempt<Outcome>(run: (runner: StepRunner) => Promise<Outcome>): Promise<Outcome> {
    try {
      return await run(this.#runner);
    } catch (cause) {
      if (this.#runner.kind === 'eager' || isOutOfMemory(cause)) throw cause;
      const state = await this.#runner.read(this.#definition.state.keys());
      this.#runner.dispose();
      this.#runner = eagerRunner(this.#tf, { ...this.#definition, state });
      this.#eagerReason = cause instanceof Error ? cause.message : String(cause);
      return run(this.#runner);
    }
  }

  /** All state that is not the network's. */
  #slotKeys(): string[] {
    const weights = new Set(this.#options.network.layers.flatMap((layer) => weightKeys(layer)));
    return [...this.#definition.state.keys()].filter((key) => !weights.has(key));
  }

  /** Each image weighs as it says, times as its classes do. */
  #sampleWeights({ targets, weights: own }: Batch): Float32Array {
    const factors = this.classWeights;
    const { classes } = this.#definition;
    const weights = new Float32Array(targets.length / classes);
    if (factors === null) return own?.slice() ?? weights.fill(1);
    for (const [at, share] of targets.entries()) {
      const row = Math.floor(at / classes);
      weights[row] = (weights[row] ?? 0) + share * (factors[at % classes] ?? 1);
    }
    return own === undefined ? weights : weights.map((weight, row) => weight * (own[row] ?? 1));
  }
}

function missingWeight(key: string): never {
  throw new Error(`There is no moving average of ${key}`);
}
