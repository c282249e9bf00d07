import { countParameters } from '../../../../../shared/domain/freezePlan.ts';
import { ThawFailure } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { ok } from '../../../../../shared/result.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { WeightArray, Weights } from '../../../network/index.ts';
import { graphLayerName } from '../../../network/index.ts';
import type { Checkpoint, RecordedEpoch } from '../../../project/checkpoint.ts';
import { writeCheckpoint } from '../../../project/checkpoint.ts';
import type { OpenRun } from '../../../project/run/openRun.ts';
import { balancedClassWeights } from '../../../training/classWeights.ts';
import { layerChanges } from '../../../training/layerChanges.ts';
import type { Phase } from '../../../training/phases.ts';
import { bestOf, isBetter } from '../../../training/progress.ts';
import { optimizerFor } from '../../../training/recipe.ts';
import { phaseRates } from '../../../training/schedule.ts';
import { Trainer } from '../../../training/trainer.ts';
import { trainEpoch } from '../../../training/trainEpoch.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';
import type { PhaseFeatures } from './phaseFeatures.ts';
import { phaseFeatures } from './phaseFeatures.ts';
import { openPhasePrefix } from './phasePrefix.ts';
import { endedByStop, isStopped } from './stopping.ts';
import type { Training } from './training.ts';
import { metricsOf, phasesAfter, positionIn } from './training.ts';

/** Where a phase begins or goes on. */
export interface PhaseStart {
  readonly phaseIndex: number;
  readonly weights: Weights;
  /** The epochs before, of this phase and earlier ones. */
  readonly history: readonly RecordedEpoch[];
  /** What to take the optimizer's state from, in the middle of the phase. */
  readonly goesOn: Checkpoint | null;
}

/** Trains a phase to its end, or until it is stopped; gives all epochs there are then. */
export async function trainPhase(
  training: Training,
  start: PhaseStart,
): Promise<Result<readonly RecordedEpoch[]>> {
  const { preparation, decoder, context } = training;
  const before = start.history;
  const phase = await announce(training, start);
  // A job that was asked to hold before its next phase does so here.
  await context.gate();
  // The frozen layers are loaded in threads of their own while the trained ones are compiled on this one.
  const opening = openPhasePrefix(preparation, phase, context);
  const trainer = await openTrainer(preparation, phase, start).catch(async (cause: unknown) => {
    const prefix = await opening;
    if (prefix.ok) await prefix.value.dispose();
    throw cause;
  });
  try {
    const prefix = await opening;
    if (!prefix.ok) return prefix;
    const features = await phaseFeatures(
      preparation,
      prefix.value,
      decoder,
      endedByStop(context, before.length),
    );
    if (!features.ok) return isStopped(context, before.length) ? ok(before) : features;
    // Later phases have other frontiers, and features of this one to start from; variations are taken as they are wanted.
    if (preparation.settings.augment === 'none') preparation.held.clear();
    try {
      return await trainOn(training, start, phase, trainer, features.value);
    } finally {
      // Known at the end: frozen layers can go over to another runtime while variations are computed.
      training.spent.provider = features.value.provider;
      await features.value.close();
    }
  } finally {
    trainer.dispose();
  }
}

async function announce({ run, preparation, context }: Training, start: PhaseStart): Promise<Phase> {
  const { network } = preparation;
  const { phaseIndex, history } = start;
  const phase = phasesAfter(preparation, history)[phaseIndex];
  if (phase === undefined) throw new Error(`There is no phase ${phaseIndex}`);
  const { name, epochs, cut, plan } = phase;
  const { trainable } = countParameters(network.network, plan);
  context.emit({ type: 'phase', phase: name, epochs, cut, trainableParameters: trainable });
  await run.log(`phase ${name}: cut ${cut}, ${trainable} trainable parameters`);
  return phase;
}

async function openTrainer(
  { runtime, network, settings, train }: Preparation,
  phase: Phase,
  { weights }: PhaseStart,
): Promise<Trainer> {
  return Trainer.open(runtime.tf, {
    network: network.network,
    weights,
    plan: phase.plan,
    frontier: network.graph === null ? phase.frontier : [graphLayerName],
    optimizer: optimizerFor(
      network.network,
      network.headLayers,
      phase,
      { ...settings, ...phase.factors },
      network.pretrained,
    ),
    clipNorm: settings.clipNorm,
    classWeights: null,
    batchSize: Math.min(settings.batchSize, train.images.length),
  });
}

/** Epoch after epoch, each on disk before the next one begins. */
async function trainOn(
  { run, preparation, spent, context }: Training,
  { phaseIndex, weights, history: before, goesOn }: PhaseStart,
  phase: Phase,
  trainer: Trainer,
  features: PhaseFeatures,
): Promise<Result<readonly RecordedEpoch[]>> {
  const { settings, runtime, network } = preparation;
  const { train, validation } = features;
  spent.features += features.seconds;
  await reportFailures(run, features, context);
  await reportExecution(run, trainer, runtime, context);
  if (goesOn !== null) trainer.restoreOptimizer(goesOn.optimizer);
  const classes = preparation.dataset.classes.length;
  if (settings.classWeights === 'auto') trainer.classWeights = balancedClassWeights(train.labels, classes);
  const stepsPerEpoch = Math.ceil(train.labels.length / settings.batchSize);
  let history = before;
  let latest: ReadonlyMap<string, WeightArray> = weights;
  try {
    for (;;) {
      const position = positionIn(preparation, history);
      if (position?.phase !== phaseIndex || isStopped(context, history.length)) return ok(history);
      const own = history.filter((one) => one.phaseIndex === phaseIndex);
      const request = {
        ...{ tf: runtime.tf, trainer, phase, train, validation, classes },
        phaseNumber: phaseIndex + 1,
        mixing: settings,
        labelSmoothing: settings.labelSmoothing,
        learningRateOf: phaseRates(phase, settings, stepsPerEpoch, metricsOf(own)),
        epoch: history.length + 1,
        batchSize: settings.batchSize,
        seed: settings.seed,
      };
      const metrics = await trainEpoch(request, endedByStop(context, history.length));
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
