import { keptForCut, nothingKept } from '../../../../shared/domain/cost/kept.ts';
import { planCost, totalBytes } from '../../../../shared/domain/cost/planCost.ts';
import type { PlanLayer } from '../../../../shared/domain/cost/planCost.ts';
import { optimizerSlots } from '../../../../shared/domain/cost/slots.ts';
import type { Speed } from '../../../../shared/domain/cost/speed.ts';
import { nothingToScan, planSeconds, withPoint } from '../../../../shared/domain/cost/speed.ts';
import { multiplyAddsByLayer } from '../../../../shared/domain/cost/multiplyAdds.ts';
import { countParameters } from '../../../../shared/domain/freezePlan.ts';
import type { Network } from '../../../../shared/domain/network.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { EstimateJob, PlanEstimate } from '../../../../shared/ipc/model/estimate.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { FrozenRuntime } from '../../runtime/frozen/frozenRuntime.ts';
import { askedFrozenRuntime, frozenRuntimeFor } from '../../runtime/frozen/frozenRuntime.ts';
import type { TensorFlowRuntime } from '../../runtime/tensorflow.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Phase } from '../../training/phases.ts';
import { planPhases } from '../../training/phases.ts';
import type { PreparedNetwork } from '../model/openBackbone.ts';
import { openBackbone } from '../model/openBackbone.ts';
import { datasetCost } from './datasetCost.ts';
import { measurePrefix, measureStep } from './measure.ts';
import type { SpeedKey } from './speedCache.ts';
import { readSpeed, writeSpeed } from './speedCache.ts';

/** A step, or a batch of features, is measured with at most so many multiply-adds: seconds, whatever the network. */
const measuredMultiplyAdds = 6e9;
/** With fewer images what a step costs by itself would count too much; features come in batches of so many. */
const leastBatch = 4;
const featureBatch = 16;

/**
 * What a training would cost: arithmetic and memory from the network, time from short measurements on this machine that
 * are kept. Errors: those of openBackbone and planPhases; cancelled.
 */
export async function estimate(request: EstimateJob, context: JobContext): Promise<Result<PlanEstimate>> {
  const runtime = await loadTensorFlow({ provision: false, signal: context.signal });
  if (!runtime.ok) return runtime;
  const classes = Array.from({ length: request.classes }, (_, index) => `class ${index}`);
  const settings = settingsOf(request);
  const opened = await openBackbone(settings, classes);
  if (!opened.ok) return opened;
  const phases = planPhases(opened.value.network, opened.value.headLayers, settings);
  if (!phases.ok) return phases;
  const [phase] = phases.value;
  if (phase === undefined) throw new Error('One epoch has a phase');
  const { network, weightsHash, preprocess } = opened.value;
  const layers = costedLayers(network);
  const thawed = new Set(phase.plan.trainable);
  const cost = planCost(layers, thawed, request.batchSize, optimizerSlots(settings));
  const asked = askedFrozenRuntime();
  if (!asked.ok) return asked;
  const frozen = frozenRuntimeFor(asked.value, runtime.value);
  const key: SpeedKey = {
    weightsHash,
    imageSize: network.inputShape[0],
    runtime: runtime.value.description,
    device: runtime.value.device,
    frozen,
    batchNorm: phase.plan.batchNorm,
  };
  const known = await readSpeed(key);
  const speed = request.measure
    ? await measured(known, opened.value, runtime.value, phase, request, context)
    : ok(known);
  if (!speed.ok) return speed;
  if (speed.value !== known) await writeSpeed(key, speed.value);
  const [height, width] = network.inputShape;
  const { trainImages, validationImages, dataset, measure } = request;
  const features = {
    ...{ weightsHash, preprocess, width, height },
    device: isOnGpu(opened.value, runtime.value, frozen) ? ('gpu' as const) : undefined,
  };
  const data =
    dataset === null
      ? ok({ trainImages, validationImages, decode: null, scan: nothingToScan, kept: [] })
      : await datasetCost(dataset, settings, features, measure, context);
  if (!data.ok) return data;
  const views = settings.augment === 'none' ? null : settings.augmentViews;
  const rows = data.value.trainImages * (views ?? 1) + data.value.validationImages;
  const { decode, scan, kept } = data.value;
  const forCut = cost.cut === null ? nothingKept : keptForCut(layers, cost.cut, kept);
  return ok({
    backbone: opened.value.name,
    cut: cost.cut,
    parameters: countParameters(network, phase.plan),
    multiplyAdds: cost.multiplyAdds,
    bytes: { ...cost.bytes, total: totalBytes(cost) },
    featureBytes: (settings.featurePrecision === 'float16' ? 2 : 4) * cost.featureValues * rows,
    seconds: planSeconds(cost, speed.value, { ...data.value, views, kept: forCut }),
    images: { train: data.value.trainImages, validation: data.value.validationImages },
    decode,
    scan,
    kept,
    speed: speed.value,
    device: runtime.value.device,
  });
}

/** Whether the features of the frozen layers, or of a graph, come from a GPU. */
function isOnGpu({ graph }: PreparedNetwork, { onGpu }: TensorFlowRuntime, frozen: FrozenRuntime): boolean {
  if (!onGpu) return false;
  return graph === null ? frozen === 'tensorflow' : graph.program.format !== 'ONNX';
}

/** The settings of one epoch with the plan. */
function settingsOf({ backbone, imageSize, thawFrom, thaw, batchSize, recipe }: EstimateJob): TrainSettings {
  const told = Object.fromEntries(Object.entries(recipe).filter(([, value]) => value !== undefined));
  return {
    ...defaultTrainSettings,
    ...(told as Partial<TrainSettings>),
    ...{ backbone, imageSize, thawFrom, thaw, batchSize },
    dataset: '',
    epochs: 1,
    fineTuneEpochs: 0,
  };
}

/** What was known, with this plan's own points where it lacks them; the same object when it lacks none. */
async function measured(
  known: Speed,
  prepared: PreparedNetwork,
  runtime: TensorFlowRuntime,
  phase: Phase,
  request: EstimateJob,
  context: JobContext,
): Promise<Result<Speed>> {
  const layers = costedLayers(prepared.network);
  const trainable = new Set(phase.plan.trainable);
  const { cut, multiplyAdds } = planCost(layers, trainable, request.batchSize);
  const batchSize = affordableBatch(multiplyAdds.suffix, request.batchSize);
  if (cut === null || prepared.graph !== null) return ok(known);
  let speed = known;
  const isKnown = (points: Speed['step'], at: number): boolean =>
    points.some((point) => point.multiplyAdds === at);
  const cancelled = (): boolean => context.signal.aborted;
  const stop = err(thawError('cancelled', 'The measurement was cancelled.'));

  if (multiplyAdds.prefix > 0 && !isKnown(speed.prefix, multiplyAdds.prefix)) {
    context.emit({ type: 'progress', what: 'measuring frozen layers', done: 0, total: 3 });
    const seconds = await measurePrefix(
      prepared,
      cut,
      affordableBatch(multiplyAdds.prefix, featureBatch),
      context,
    );
    if (!seconds.ok) return seconds;
    speed = {
      ...speed,
      prefix: withPoint(speed.prefix, { multiplyAdds: multiplyAdds.prefix, seconds: seconds.value }),
    };
  }
  // Portable mode trains heads only, so only those can be measured.
  const isHeadOnly = prepared.headLayers.includes(cut);
  const start = isHeadOnly || runtime.kind === 'native' ? affordableCut(layers, cut, batchSize) : null;
  const head = layers.find(
    ({ name, parameters }) => parameters > 0 && prepared.headLayers.includes(name) && name !== start,
  )?.name;
  for (const [index, from] of [head, start].entries()) {
    if (from === undefined || from === null) continue;
    if (cancelled()) return stop;
    const at = layers.slice(layers.findIndex(({ name }) => name === from));
    const total = at.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
    if (isKnown(speed.step, total)) continue;
    context.emit({ type: 'progress', what: 'measuring training steps', done: index + 1, total: 3 });
    const behind = new Set(at.map(({ name }) => name));
    const plan = { ...phase.plan, trainable: phase.plan.trainable.filter((name) => behind.has(name)) };
    const seconds = await measureStep(runtime, prepared, plan, from, batchSize);
    speed = { ...speed, step: withPoint(speed.step, { multiplyAdds: total, seconds }) };
  }
  return ok(speed);
}

/** As many images as are affordable, up to what would be taken together. */
function affordableBatch(multiplyAdds: number, most: number): number {
  return Math.min(most, Math.max(leastBatch, Math.floor(measuredMultiplyAdds / multiplyAdds)));
}

/** The cut itself, or the first layer behind it from which a step costs little enough to be measured. */
function affordableCut(layers: readonly PlanLayer[], cut: string, batchSize: number): string {
  let left = layers.slice(layers.findIndex(({ name }) => name === cut));
  const cost = (): number => batchSize * left.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
  while (left.length > 1 && cost() > measuredMultiplyAdds) left = left.slice(1);
  // From a layer with weights on, as a plan would have it.
  return left.find(({ parameters }) => parameters > 0)?.name ?? cut;
}

function costedLayers(network: Network): PlanLayer[] {
  const multiplyAdds = multiplyAddsByLayer(network.layers);
  return network.layers.map(({ name, inputs, outputShape, parameters }) => ({
    name,
    inputs,
    outputShape,
    parameters,
    trainable: countParameters(network, { trainable: [name], batchNorm: 'inference' }).trainable,
    multiplyAdds: multiplyAdds.get(name) ?? 0,
  }));
}
