import type { EpochMetrics } from '../../../shared/domain/run.ts';
import { ThawFailure, thawError } from '../../../shared/errors.ts';
import type { JobContext } from '../jobs/context.ts';
import { createRandom } from '../network/index.ts';
import type { Tf } from '../runtime/tf.ts';
import type { BatchSource } from './batches/batchSource.ts';
import { oneHot, toFeeds } from './batches/batchSource.ts';
import type { Mixing } from './batches/mixing.ts';
import { mixBatch, mixerOf } from './batches/mixing.ts';
import type { Phase } from './phases.ts';
import { scoreLogits } from './scoreLogits.ts';
import type { StepSettings, Trainer } from './trainer.ts';
import { stepWithinMemory } from './withinMemory.ts';

export interface EpochRequest {
  readonly tf: Tf;
  readonly trainer: Trainer;
  readonly phase: Phase;
  /** From 1, counted over the whole run. */
  readonly phaseNumber: number;
  readonly train: BatchSource;
  readonly validation: BatchSource;
  readonly mixing: Mixing;
  /** Share of every target that is spread over all classes (1512.00567). */
  readonly labelSmoothing: number;
  /** The learning rate of a step of the phase, from 1. */
  readonly learningRateOf: (step: number) => number;
  readonly classes: number;
  /** Number of the epoch over the whole run, from 1. */
  readonly epoch: number;
  readonly batchSize: number;
  readonly seed: number;
}

const batchEventsEveryMs = 100;

/**
 * One epoch: every training image once, in an order that only the seed and the epoch's number decide, then the
 * validation images in inference mode. Throws ThawFailure `cancelled`.
 */
export async function trainEpoch(request: EpochRequest, context: JobContext): Promise<EpochMetrics> {
  const { tf, trainer, phase, train, epoch, seed } = request;
  const started = performance.now();
  const count = train.labels.length;
  const order = createRandom(seed, `shuffle/${epoch}`).shuffle(indices(count));
  const seeds = createRandom(seed, `dropout/${epoch}`);
  const mixer = mixerOf(seed, epoch);
  const batches = Math.ceil(count / request.batchSize);
  let lossSum = 0;
  let correct = 0;
  let seen = 0;
  let batchNumber = 0;
  let lastEvent = 0;
  let learningRate = phase.learningRate;
  for await (const { positions, values } of train.read(order, request.batchSize, epoch)) {
    await mayGoOn(context);
    const targets = oneHot(train.labels, positions, request.classes);
    mixBatch(values, targets, positions.length, train.frontier, request.mixing, mixer);
    smooth(targets, request.labelSmoothing, request.classes);
    const settingsOf = (): StepSettings => {
      learningRate = request.learningRateOf(trainer.steps + 1);
      return { learningRate, seed: seeds.next() };
    };
    const weights = train.weights === null ? null : weightsAt(train.weights, positions);
    const batch = { count: positions.length, values, targets, weights };
    const result = await stepWithinMemory(tf, trainer, train.frontier, batch, settingsOf, (size) => {
      const message = `A batch does not fit into memory; going on with ${size} images a step.`;
      context.emit({ type: 'log', level: 'warning', message });
    });
    lossSum += result.loss * positions.length;
    correct += result.correct;
    seen += positions.length;
    batchNumber += 1;
    if (performance.now() - lastEvent < batchEventsEveryMs && batchNumber < batches) continue;
    lastEvent = performance.now();
    const now = { loss: lossSum / seen, accuracy: correct / seen };
    context.emit({ type: 'batch', epoch, batch: batchNumber, batches, ...now });
  }
  const trained = (performance.now() - started) / 1000;
  const validation = await validate(request, context);
  return {
    epoch,
    phase: phase.name,
    phaseNumber: request.phaseNumber,
    loss: lossSum / seen,
    accuracy: correct / seen,
    valLoss: validation.loss,
    valAccuracy: validation.accuracy,
    learningRate,
    seconds: (performance.now() - started) / 1000,
    imagesPerSecond: seen / trained,
  };
}

async function validate(
  { tf, trainer, validation, classes, epoch, batchSize }: EpochRequest,
  context: JobContext,
): Promise<{ loss: number; accuracy: number }> {
  let lossSum = 0;
  let correct = 0;
  let seen = 0;
  const all = indices(validation.labels.length);
  for await (const { positions, values } of validation.read(
    all,
    Math.min(batchSize, trainer.largestBatch),
    epoch,
  )) {
    await mayGoOn(context);
    const feeds = toFeeds(tf, validation.frontier, values, positions.length);
    const logits = await trainer.logits(feeds);
    tf.dispose([...feeds.values()]);
    const labels = Int32Array.from(positions, (position) => validation.labels[position] ?? 0);
    const score = scoreLogits(logits, labels, classes);
    lossSum += score.lossSum;
    correct += score.correct;
    seen += positions.length;
  }
  return { loss: lossSum / seen, accuracy: correct / seen };
}

/** A step blocks its thread: between two of them the process answers what it was asked meanwhile. */
async function mayGoOn(context: JobContext): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await context.gate();
  if (context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The training was cancelled.'));
}

function weightsAt(weights: Float32Array, positions: readonly number[]): Float32Array {
  return Float32Array.from(positions, (position) => weights[position] ?? 1);
}

/** Keras's `label_smoothing`: (1 − share) × target + share / classes, in place. */
function smooth(targets: Float32Array, share: number, classes: number): void {
  if (share === 0) return;
  for (const [at, target] of targets.entries()) targets[at] = (1 - share) * target + share / classes;
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
