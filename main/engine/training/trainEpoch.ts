import type { EpochMetrics } from '../../../shared/domain/run.ts';
import { ThawFailure, thawError } from '../../../shared/errors.ts';
import type { JobContext } from '../jobs/context.ts';
import { createRandom } from '../network/index.ts';
import type { Tf } from '../runtime/tf.ts';
import type { LabelledFeatures } from './labelledFeatures.ts';
import { batchesOf, readBatch } from './labelledFeatures.ts';
import type { Phase } from './phases.ts';
import { scoreLogits } from './scoreLogits.ts';
import type { Trainer } from './trainer.ts';

export interface EpochRequest {
  readonly tf: Tf;
  readonly trainer: Trainer;
  readonly phase: Phase;
  readonly train: LabelledFeatures;
  readonly validation: LabelledFeatures;
  readonly classes: number;
  /** Number of the epoch over the whole run, from 1. */
  readonly epoch: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** Images a validation batch holds; only memory depends on it. */
const validationBatch = 128;
const batchEventsEveryMs = 100;

/**
 * One epoch: every training image once, in an order that only the seed and the epoch's number decide, then the
 * validation images in inference mode. Throws ThawFailure `cancelled`.
 */
export async function trainEpoch(request: EpochRequest, context: JobContext): Promise<EpochMetrics> {
  const { tf, trainer, phase, train, epoch, seed } = request;
  const started = performance.now();
  const count = train.rows.length;
  const order = createRandom(seed, `shuffle/${epoch}`).shuffle(indices(count));
  const seeds = createRandom(seed, `dropout/${epoch}`);
  const batches = Math.ceil(count / request.batchSize);
  let lossSum = 0;
  let correct = 0;
  let seen = 0;
  let batchNumber = 0;
  let lastEvent = 0;
  for (const positions of batchesOf(order, request.batchSize)) {
    await mayGoOn(context);
    const batch = await readBatch(tf, train, positions);
    const result = await trainer.step(batch, { learningRate: phase.learningRate, seed: seeds.next() });
    tf.dispose([...batch.feeds.values()]);
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
    loss: lossSum / seen,
    accuracy: correct / seen,
    valLoss: validation.loss,
    valAccuracy: validation.accuracy,
    learningRate: phase.learningRate,
    seconds: (performance.now() - started) / 1000,
    imagesPerSecond: seen / trained,
  };
}

async function validate(
  { tf, trainer, validation, classes }: EpochRequest,
  context: JobContext,
): Promise<{ loss: number; accuracy: number }> {
  let lossSum = 0;
  let correct = 0;
  for (const positions of batchesOf(indices(validation.rows.length), validationBatch)) {
    await mayGoOn(context);
    const batch = await readBatch(tf, validation, positions);
    const logits = await trainer.logits(batch.feeds);
    tf.dispose([...batch.feeds.values()]);
    const score = scoreLogits(logits, batch.labels, classes);
    lossSum += score.lossSum;
    correct += score.correct;
  }
  return { loss: lossSum / validation.rows.length, accuracy: correct / validation.rows.length };
}

async function mayGoOn(context: JobContext): Promise<void> {
  await context.gate();
  if (context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The training was cancelled.'));
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
