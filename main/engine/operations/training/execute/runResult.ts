import type { EpochMetrics, TrainResult } from '../../../../../shared/domain/run.ts';
import { countParameters } from '../../../../../shared/domain/freezePlan.ts';
import type { Weights } from '../../../network/index.ts';
import { writeModel } from '../../../project/modelFolder.ts';
import type { OpenRun } from '../../../project/run/openRun.ts';
import type { Phase } from '../../../training/phases.ts';
import { bestOf } from '../../../training/progress.ts';
import type { Preparation } from '../prepare/prepareTraining.ts';
import type { Training } from './training.ts';

/** Writes the model of the best epoch into the run. */
export async function saveModel(
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

/** What a training that has ended reports. Counts are those of the last phase, where the most is trainable. */
export function resultOf(
  { run, preparation, spent }: Training,
  phases: readonly Phase[],
  epochs: readonly EpochMetrics[],
): TrainResult {
  const { network, runtime, dataset, train, validation, scanSeconds } = preparation;
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
