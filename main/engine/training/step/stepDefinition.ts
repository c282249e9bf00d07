import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { WeightArray } from '../../network/index.ts';
import type { Tf } from '../../runtime/tf.ts';

/** Everything that differs from one step to the next beside the state. */
export interface StepInputs {
  /** [batch, ...] by frontier layer. */
  readonly feeds: ReadonlyMap<string, Tensor>;
  /** [batch, classes], rows that sum to 1. A row of zeros is padding: it adds to no sum and counts as no image. */
  readonly targets: Tensor;
  /** [batch]: the factor of each image's loss (class weights, sample weights). */
  readonly sampleWeights: Tensor;
  /** An int32 scalar that decides all randomness of the step. */
  readonly seed: Tensor;
  /** Float32 scalars by name: the learning rate and whatever else a schedule moves. */
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/** What a training step gives. */
export interface StepOutcome {
  /** Mean over the images of weight × cross-entropy (Keras's sum_over_batch_size). */
  readonly loss: Tensor;
  /** How many images were classified correctly before the update. */
  readonly correct: Tensor;
  /** New values of those state entries that change. */
  readonly updates: ReadonlyMap<string, Tensor>;
}

/** The state by key, as tensors. */
export type StepState = ReadonlyMap<string, Tensor>;

/**
 * A training as pure functions of tensors. No number that changes between steps is captured in them, and no tensor
 * is read by JavaScript on the way: so a step can be run as it stands or compiled to a graph, with the same result.
 */
export interface StepDefinition {
  /** What is kept between steps, with its first value: weights, optimizer slots, statistics. */
  readonly state: ReadonlyMap<string, WeightArray>;
  /** Shape of one image's value by frontier layer. */
  readonly feedShapes: ReadonlyMap<string, readonly number[]>;
  readonly classes: number;
  /** Whether an image's result depends on the others of its batch, so that a batch cannot be padded. */
  readonly mixesImages: boolean;
  /** The scalars of a step. @param step from 1. */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** Call it inside `tf.tidy`. */
  train(tf: Tf, state: StepState, inputs: StepInputs): StepOutcome;
  /** Logits [batch, classes] in inference mode. Call it inside `tf.tidy`. */
  evaluate(tf: Tf, state: StepState, feeds: StepInputs['feeds']): Tensor;
}

/** Runs a definition's steps and holds its state. */
export interface StepRunner {
  readonly kind: 'eager' | 'compiled';
  train(inputs: StepInputs): Promise<{ readonly loss: number; readonly correct: number }>;
  /** [batch × classes]. */
  evaluate(feeds: StepInputs['feeds']): Promise<Float32Array>;
  /** The values of state entries as they are now. */
  read(keys: Iterable<string>): Promise<Map<string, WeightArray>>;
  write(values: ReadonlyMap<string, WeightArray>): void;
  dispose(): void;
}
