import type { EpochMetrics, TrainResult } from '../../../../shared/domain/run.ts';
import { countParameters } from '../../../../shared/domain/freezePlan.ts';
import { ThawFailure } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { createDecoder } from '../../dataset/index.ts';
import type { Decoder } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { WeightArray, Weights } from '../../network/index.ts';
import type { Checkpoint, RecordedEpoch } from '../../project/checkpoint.ts';
import { readBestWeights, writeCheckpoint } from '../../project/checkpoint.ts';
import { writeError } from '../../project/fileErrors.ts';
import { writeModel } from '../../project/modelFolder.ts';
import type { OpenRun } from '../../project/runFolder.ts';
import { balancedClassWeights } from '../../training/classWeights.ts';
import { layerChanges } from '../../training/layerChanges.ts';
import { bestOf, isBetter, positionAfter } from '../../training/progress.ts';
import { optimizerFor } from '../../training/recipe.ts';
import { phaseRates } from '../../training/schedule.ts';
import { Trainer } from '../../training/trainer.ts';
import { trainEpoch } from '../../training/trainEpoch.ts';
import type { PhaseFeatures } from './phaseFeatures.ts';
import { phaseFeatures } from './phaseFeatures.ts';
import { endedByStop, isStopped } from './stopping.ts';
import type { Preparation } from './prepareTraining.ts';

interface Spent {
  features: number;
  provider: string;
}

/**
 * Trains from a checkpoint, or from the beginning when it is null, to the end: every epoch is on disk before the next
 * one begins. A failure or a cancel leaves the run as its last epoch left it; a stop ends it with the best epoch
 * so far.
 */
export async function executeTraining(
  run: OpenRun,
  preparation: Preparation,
  checkpoint: Checkpoint | null,
  context: JobContext,
): Promise<Result<TrainResult>> {
  const decoder = createDecoder();
  try {
    return await execute(run, preparation, checkpoint, decoder, context);
  } catch (cause) {
    if (cause instanceof ThawFailure) return err(cause.thaw);
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause)
      return err(writeError(cause, run.folder));
    throw cause;
  } finally {
    await decoder.close();
  }
}

async function execute(
  run: OpenRun,
  preparation: Preparation,
  checkpoint: Checkpoint | null,
  decoder: Decoder,
  context: JobContext,
): Promise<Result<TrainResult>> {
  const { phases, settings } = preparation;
  let history: readonly RecordedEpoch[] = checkpoint?.history ?? [];
  let pending = checkpoint;
  const spent: Spent = { features: 0, provider: '' };
  const planned = phases.map(({ epochs }) => epochs);
  const positionOf = (): ReturnType<typeof positionAfter> =>
    positionAfter(
      metricsOf(history),
      history.map((one) => one.phaseIndex),
      planned,
      settings.earlyStop,
    );

  await run.rewriteMetrics(metricsOf(history));
  for (
    let position = positionOf();
    position !== null && !isStopped(context, history.length);
    position = positionOf()
  ) {
    const goesOn = pending !== null && position.epochsDone > 0 ? pending : null;
    pending = null;
    const weights = await weightsAt(run, preparation, goesOn, history);
    if (!weights.ok) return weights;
    const trained = await trainPhase(
      run,
      preparation,
      position.phase,
      weights.value,
      history,
      goesOn,
      decoder,
      spent,
      context,
    );
    if (!trained.ok) return trained;
    history = trained.value;
  }

  if (isStopped(context, history.length)) await run.log(`stopped on request after ${history.length} epochs`);
  const weights = await weightsAt(run, preparation, null, history);
  if (!weights.ok) return weights;
  const result = resultOf(run, preparation, metricsOf(history), spent);
  await saveModel(run, preparation, weights.value, result);
  await run.writeResult(result);
  await run.log(`done: best epoch ${result.best.epoch}, validation accuracy ${result.best.valAccuracy}`);
  return ok(result);
}

/** The weights a phase begins with: the checkpoint's in its middle, else the best so far, else those it all began with. */
async function weightsAt(
  run: OpenRun,
  { network }: Preparation,
  checkpoint: Checkpoint | null,
  history: readonly RecordedEpoch[],
): Promise<Result<Weights>> {
  const weights: Weights = new Map(network.weights);
  if (checkpoint === null && history.length === 0) return ok(weights);
  const later = checkpoint === null ? await readBestWeights(run.folder) : ok(checkpoint.weights);
  if (!later.ok) return later;
  for (const [key, weight] of later.value) weights.set(key, weight);
  return ok(weights);
}

async function trainPhase(
  run: OpenRun,
  preparation: Preparation,
  phaseIndex: number,
  weights: Weights,
  before: readonly RecordedEpoch[],
  goesOn: Checkpoint | null,
  decoder: Decoder,
  spent: Spent,
  context: JobContext,
): Promise<Result<readonly RecordedEpoch[]>> {
  const { settings, runtime, network, phases } = preparation;
  const phase = phases[phaseIndex];
  if (phase === undefined) throw new Error(`There is no phase ${phaseIndex}`);
  const trainable = countParameters(network.network, phase.plan).trainable;
  context.emit({
    type: 'phase',
    phase: phase.name,
    epochs: phase.epochs,
    cut: phase.cut,
    trainableParameters: trainable,
  });
  await run.log(`phase ${phase.name}: cut ${phase.cut}, ${trainable} trainable parameters`);
  const features = await phaseFeatures(preparation, phase, decoder, endedByStop(context, before.length));
  if (!features.ok) return isStopped(context, before.length) ? ok(before) : features;
  spent.features += features.value.seconds;
  spent.provider = features.value.provider;
  await reportFailures(run, features.value, context);

  const classes = preparation.dataset.classes.length;
  const classWeights =
    settings.classWeights === 'auto' ? balancedClassWeights(features.value.train.labels, classes) : null;
  const { plan, frontier } = phase;
  const outputs = features.value.train.frontier.map(({ layer }) => layer);
  const trainer = await Trainer.open(runtime.tf, {
    network: network.network,
    weights,
    plan,
    frontier: network.graph === null ? frontier : outputs,
    classWeights,
    optimizer: optimizerFor(network.network, network.headLayers, phase, settings),
    clipNorm: settings.clipNorm,
  });
  const stepsPerEpoch = Math.ceil(features.value.train.labels.length / settings.batchSize);
  let history = before;
  let latest: ReadonlyMap<string, WeightArray> = weights;
  try {
    if (goesOn !== null) trainer.restoreOptimizer(goesOn.optimizer);
    await reportExecution(run, trainer, runtime, context);
    const planned = phases.map(({ epochs }) => epochs);
    for (;;) {
      const indices = history.map((one) => one.phaseIndex);
      const position = positionAfter(metricsOf(history), indices, planned, settings.earlyStop);
      if (position?.phase !== phaseIndex || isStopped(context, history.length)) return ok(history);
      const own = history.filter((one) => one.phaseIndex === phaseIndex);
      const metrics = await trainEpoch(
        {
          tf: runtime.tf,
          trainer,
          phase,
          train: features.value.train,
          validation: features.value.validation,
          mixing: settings,
          labelSmoothing: settings.labelSmoothing,
          learningRateOf: phaseRates(phase, settings, stepsPerEpoch, metricsOf(own)),
          classes,
          epoch: history.length + 1,
          batchSize: settings.batchSize,
          seed: settings.seed,
        },
        endedByStop(context, history.length),
      );
      const isBest = isBetter(metrics, bestOf(metricsOf(history)));
      history = [...history, { metrics, phaseIndex }];
      const trained = await trainer.readTrained();
      const state = { history, weights: trained, optimizer: await trainer.optimizerState() };
      await writeCheckpoint(run.folder, state, isBest ? await trainer.readEvaluated() : null);
      await run.appendMetrics(metrics);
      const layers = layerChanges(network.network, trained, latest, network.weights);
      latest = trained;
      await run.writeLayers(layers);
      context.emit({ type: 'epoch', metrics, layers });
    }
  } catch (cause) {
    // A stop in the middle of an epoch leaves that epoch out.
    if (cause instanceof ThawFailure && isStopped(context, history.length)) return ok(history);
    throw cause;
  } finally {
    trainer.dispose();
    await features.value.close();
  }
}

/** Portable mode has had its notice; anything else that keeps a step from being compiled is news. */
async function reportExecution(
  run: OpenRun,
  { execution, eagerReason }: Trainer,
  runtime: Preparation['runtime'],
  context: JobContext,
): Promise<void> {
  const why = eagerReason === null ? '' : ` (${eagerReason})`;
  await run.log(
    execution === 'compiled' ? 'steps run as one graph' : `steps run one operation at a time${why}`,
  );
  if (execution === 'compiled' || runtime.kind === 'portable') return;
  const message = `Training runs one operation at a time, which is slower: ${eagerReason ?? 'as asked'}.`;
  context.emit({ type: 'log', level: 'warning', message });
}

async function reportFailures(run: OpenRun, { failed }: PhaseFeatures, context: JobContext): Promise<void> {
  if (failed.length === 0) return;
  for (const { path, error } of failed) await run.log(`left out: ${path}: ${error.message}`);
  const message = `${failed.length} images could not be decoded and are left out; run.log names them.`;
  context.emit({ type: 'log', level: 'warning', message });
}

async function saveModel(
  run: OpenRun,
  preparation: Preparation,
  weights: Weights,
  result: TrainResult,
): Promise<void> {
  const { network, settings, dataset } = preparation;
  await writeModel(
    run.folder,
    {
      network: network.network,
      weights,
      info: {
        format: 'thaw-model',
        version: 1,
        backbone: network.name,
        classes: [...dataset.classes],
        imageSize: network.network.inputShape[0],
        resize: settings.resize,
        preprocess: network.preprocess,
        featureLayer: network.featureLayer,
        graphFile: network.graph === null ? null : (network.graph.files.names[0] ?? null),
        training: {
          epoch: result.best.epoch,
          valAccuracy: result.best.valAccuracy,
          trainImages: result.images.train,
          validationImages: result.images.validation,
        },
      },
    },
    network.graph,
  );
}

/** Counts are those of the last phase, where the most is trainable. */
function resultOf(
  run: OpenRun,
  preparation: Preparation,
  epochs: readonly EpochMetrics[],
  spent: Spent,
): TrainResult {
  const { network, phases, runtime, dataset, train, validation, scanSeconds } = preparation;
  const last = phases.at(-1);
  const best = bestOf(epochs);
  if (last === undefined || best === null) throw new Error('A run ended without an epoch');
  const weighted = network.network.layers.filter((layer) => layer.weights.length > 0);
  const trainable = weighted.filter(({ name }) => last.plan.trainable.includes(name)).length;
  const trainSeconds = epochs.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    run: run.folder,
    backbone: network.name,
    classes: dataset.classes,
    images: { train: train.images.length, validation: validation.images.length },
    parameters: countParameters(network.network, last.plan),
    layers: { trainable, frozen: weighted.length - trainable },
    cut: last.cut,
    epochs,
    best: { epoch: best.epoch, valAccuracy: best.valAccuracy },
    seconds: {
      scan: scanSeconds,
      features: spent.features,
      train: trainSeconds,
      total: scanSeconds + spent.features + trainSeconds,
    },
    runtime: { trainer: runtime.description, prefix: spent.provider, device: runtime.device },
    notices: preparation.notices,
  };
}

function metricsOf(history: readonly RecordedEpoch[]): EpochMetrics[] {
  return history.map(({ metrics }) => metrics);
}
