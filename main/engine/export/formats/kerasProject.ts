import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok } from '../../../../shared/result.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { balancedClassWeights } from '../../training/classWeights.ts';
import { kerasProjectExamples } from '../examples/kerasProjectExamples.ts';
import type { Beginning, Exporter, Subject } from '../exporter.ts';
import { nothingMore } from '../exporter.ts';
import { kerasArchive } from '../keras/files.ts';
import { layerNames } from '../keras/layerNames.ts';
import { standardize } from '../keras/standardize.ts';

const projectFolder = path.join(packageRoot, 'assets', 'keras-project');

/** A Python project that repeats the run: the same images, split, phases, starting weights and scaling. */
export const kerasProjectExporter: Exporter = {
  format: 'keras-project',
  async write(subject, _, folder) {
    const { model, run } = subject;
    const beginning = await subject.beginning();
    if (!beginning.ok) return beginning;
    if (run === null)
      return err(
        thawError('input-missing', 'A Keras project repeats a run; this is a model without its run.'),
      );
    const { network, weights, split } = beginning.value;
    // A thawed batch normalisation with stored statistics is one that is called with training=False.
    const frozenStatistics = run.settings.batchNorm === 'inference';
    for (const [name, own] of [
      ['start.keras', weights],
      ['trained.keras', model.weights],
    ] as const) {
      const standard = standardize(network, own, model.info.preprocess, 'keras');
      if (!standard.ok) return standard;
      const bytes = await kerasArchive(standard.value, { frozenStatistics });
      await writeFileAtomic(path.join(folder, name), bytes);
    }
    const config = configOf(subject, run.settings, beginning.value);
    const put = (name: string, value: unknown): Promise<void> =>
      writeFileAtomic(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
    await put('config.json', config);
    const entry = ({ path: image, label }: { path: string; label: string }) => ({ path: image, label });
    await put('split.json', { train: split.train.map(entry), validation: split.validation.map(entry) });
    for (const name of ['train.py', 'data.py', 'requirements.txt'])
      await copyFile(path.join(projectFolder, name), path.join(folder, name));
    const notices =
      config.differs.length === 0
        ? []
        : [`The project does not repeat these settings of the run: ${config.differs.join(', ')}.`];
    return ok({ ...nothingMore, notices });
  },
  open: null,
  examples: (facts) => kerasProjectExamples(facts, projectFolder),
};

/** Settings of training that the project has no part for, where a run uses them. */
const notRepeated = [
  'augment',
  'mixup',
  'cutmix',
  'warmupEpochs',
  'accumulate',
  'averageMomentum',
  'l2sp',
  'rateDecay',
] as const satisfies readonly (keyof TrainSettings)[];

function configOf({ model }: Subject, settings: TrainSettings, { phases, split, network }: Beginning) {
  const { classes, imageSize, resize } = model.info;
  const names = layerNames(network, 'keras');
  const differs: string[] = notRepeated.filter((name) => settings[name] !== defaultTrainSettings[name]);
  if (Object.keys(settings.layerRates).length > 0) differs.push('layerRates');
  if (Object.keys(settings.layerL2sp).length > 0) differs.push('layerL2sp');
  if (settings.schedule === 'one-cycle' || settings.schedule === 'plateau') differs.push('schedule');
  if (settings.weightDecay !== null && settings.optimizer !== 'adamw') differs.push('weightDecay');
  const labels = split.train.map(({ label }) => classes.indexOf(label));
  const factors = settings.classWeights === 'auto' ? balancedClassWeights(labels, classes.length) : [];
  return {
    classes,
    imageSize,
    resize,
    images: { train: split.train.length, validation: split.validation.length },
    batchSize: settings.batchSize,
    seed: settings.seed,
    earlyStop: settings.earlyStop,
    optimizer: settings.optimizer,
    momentum: settings.momentum,
    weightDecay: settings.weightDecay ?? 0.004,
    schedule: settings.schedule,
    labelSmoothing: settings.labelSmoothing,
    clipNorm: settings.clipNorm,
    classWeights: Object.fromEntries(factors.map((factor, index) => [index, factor])),
    phases: phases.map(({ name, epochs, learningRate, plan }) => {
      const trainable = new Set(plan.trainable);
      const named = network.layers.filter((layer) => trainable.has(layer.name) && layer.weights.length > 0);
      return {
        name,
        epochs,
        learningRate,
        trainable: named.map((layer) => names.get(layer.name) ?? layer.name),
      };
    }),
    differs,
  };
}
