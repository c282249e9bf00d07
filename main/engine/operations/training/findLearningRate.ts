import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { LearningRateCurve } from '../../../../shared/ipc/training/results.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { createDecoder } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import { createRandom } from '../../network/index.ts';
import type { BatchSource, RawBatch } from '../../training/batches/batchSource.ts';
import { oneHot, toFeeds } from '../../training/batches/batchSource.ts';
import { adviseRate, hasDiverged, rangeRate, smoothLosses } from '../../training/learningRateRange.ts';
import { optimizerFor } from '../../training/recipe.ts';
import { Trainer } from '../../training/trainer.ts';
import { phaseFeatures } from './execute/phaseFeatures.ts';
import { openPhasePrefix } from './execute/phasePrefix.ts';
import type { Preparation } from './prepare/prepareTraining.ts';
import { prepareTraining } from './prepare/prepareTraining.ts';

const steps = 120;
const [lowest, highest] = [1e-6, 3];

/**
 * Learning rate range test (Smith 2017, 1506.01186): trains the first phase of the settings with a learning rate that
 * rises from step to step until the loss runs away. Writes nothing but features to the cache.
 * Errors: those of training.
 */
export async function findLearningRate(
  settings: TrainSettings,
  context: JobContext,
): Promise<Result<LearningRateCurve>> {
  const preparation = await prepareTraining(settings, context);
  if (!preparation.ok) return preparation;
  const decoder = createDecoder({ held: preparation.value.held });
  try {
    return await rangeTest(preparation.value, decoder, context);
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    throw cause;
  } finally {
    await decoder.close();
    await preparation.value.close();
  }
}

async function rangeTest(
  preparation: Preparation,
  decoder: ReturnType<typeof createDecoder>,
  context: JobContext,
): Promise<Result<LearningRateCurve>> {
  const { phases, network, runtime, settings, dataset } = preparation;
  const [phase] = phases;
  if (phase === undefined) throw new Error('A training has at least one phase');
  const prefix = await openPhasePrefix(preparation, phase, context);
  if (!prefix.ok) return prefix;
  const features = await phaseFeatures(preparation, prefix.value, decoder, context);
  if (!features.ok) return features;
  const { train } = features.value;
  const { tf } = runtime;
  const trainer = await Trainer.open(tf, {
    network: network.network,
    weights: network.weights,
    plan: phase.plan,
    frontier: train.frontier.map(({ layer }) => layer),
    classWeights: null,
    optimizer: optimizerFor(network.network, network.headLayers, phase, settings, network.pretrained),
    clipNorm: settings.clipNorm,
  });
  try {
    const rates: number[] = [];
    const losses: number[] = [];
    const seeds = createRandom(settings.seed, 'range/dropout');
    for await (const { positions, values } of endless(train, settings)) {
      await context.gate();
      if (context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The search was cancelled.'));
      const learningRate = rangeRate(rates.length, steps, lowest, highest);
      const feeds = toFeeds(tf, train.frontier, values, positions.length);
      const targets = oneHot(train.labels, positions, dataset.classes.length);
      const { loss } = await trainer.step({ feeds, targets }, { learningRate, seed: seeds.next() });
      tf.dispose([...feeds.values()]);
      rates.push(learningRate);
      losses.push(loss);
      context.emit({ type: 'progress', what: 'trying learning rates', done: rates.length, total: steps });
      if (rates.length === steps || hasDiverged(smoothLosses(losses))) break;
    }
    const points = smoothLosses(losses).map((loss, index) => ({ learningRate: rates[index] ?? 0, loss }));
    return ok({ phase: phase.name, cut: phase.cut, points, ...adviseRate(points) });
  } finally {
    trainer.dispose();
    await features.value.close();
  }
}

/** Batches of epoch after epoch. */
async function* endless(
  train: BatchSource,
  { batchSize, seed }: Pick<TrainSettings, 'batchSize' | 'seed'>,
): AsyncGenerator<RawBatch> {
  for (let epoch = 1; ; epoch += 1) {
    const order = createRandom(seed, `range/${epoch}`).shuffle([...train.labels.keys()]);
    yield* train.read(order, batchSize, epoch);
  }
}
