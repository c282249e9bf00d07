import path from 'node:path';
import { access } from 'node:fs/promises';
import type { Dataset, ImageRecord } from '../../../../shared/domain/dataset.ts';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { countParameters } from '../../../../shared/domain/freezePlan.ts';
import { adviseOn } from '../../../../shared/domain/plan/advice.ts';
import { adviceLine } from '../../../../shared/domain/plan/adviceTexts.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DatasetSource } from '../../dataset/index.ts';
import { openDataset, scanDataset, splitDataset } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { Weights } from '../../network/index.ts';
import { spokenFormat } from '../../network/index.ts';
import type { TensorFlowRuntime } from '../../runtime/tensorflow.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Phase } from '../../training/phases.ts';
import { planPhases } from '../../training/phases.ts';
import { checkLayerFactors } from '../../training/recipe.ts';
import type { PreparedNetwork } from '../model/openBackbone.ts';
import { openBackbone } from '../model/openBackbone.ts';
import { startFrom } from './startFrom.ts';

/** One side of the split: where its images lie, and which they are. */
export interface Side {
  readonly source: DatasetSource;
  readonly images: readonly ImageRecord[];
}

/** Everything training needs before its first feature. */
export interface Preparation {
  readonly settings: TrainSettings;
  readonly runtime: TensorFlowRuntime;
  readonly dataset: Dataset;
  /** The separate validation dataset, where one was given. */
  readonly validationDataset: Dataset | null;
  readonly train: Side;
  readonly validation: Side;
  readonly network: PreparedNetwork;
  readonly phases: readonly Phase[];
  readonly scanSeconds: number;
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** Layers the portable runtime trains: those of a head. */
const portableClasses = new Set(['Dense', 'Dropout', 'GlobalAveragePooling2D', 'Flatten', 'InputLayer']);

/**
 * Scans the data, splits it, loads the backbone and plans the phases. Nothing is written.
 * @param initial weights to start from instead of the backbone's own and a new head.
 */
export async function prepareTraining(
  wanted: TrainSettings,
  context: JobContext,
  initial: Weights | null = null,
): Promise<Result<Preparation>> {
  const settings = await withAbsolutePaths(wanted);
  if (settings.weights !== null && settings.randomWeights)
    return err(
      thawError('usage', '--weights and --random-weights exclude each other.', {
        expected: 'one of them',
        found: settings.weights,
      }),
    );
  const sources: DatasetSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sources.map((source) => source.close()));
  };
  const prepared = await prepareWith(settings, initial, sources, close, context);
  if (!prepared.ok) await close();
  return prepared;
}

async function prepareWith(
  settings: TrainSettings,
  initial: Weights | null,
  sources: DatasetSource[],
  close: () => Promise<void>,
  context: JobContext,
): Promise<Result<Preparation>> {
  const started = performance.now();
  const scanning = scan(settings.dataset, sources, context, 2);
  // Loaded while the scan's threads start, if it is here; what is missing is set up once the data is known to be good.
  void loadTensorFlow({ provision: false });
  const main = await scanning;
  if (!main.ok) return main;
  const other = settings.validation === null ? null : await scan(settings.validation, sources, context, 1);
  if (other?.ok === false) return other;
  const scanSeconds = (performance.now() - started) / 1000;
  const sides = sidesOf(settings, main.value, other?.value ?? null);
  if (!sides.ok) return sides;

  const runtime = await loadTensorFlow({
    signal: context.signal,
    onProgress: (progress) => {
      context.emit({ type: 'progress', ...progress });
    },
    onNotice: (message) => {
      context.emit({ type: 'log', level: 'warning', message });
    },
  });
  if (!runtime.ok) return runtime;
  const { classes } = main.value.dataset;
  const fresh = await openBackbone(settings, classes);
  if (!fresh.ok) return fresh;
  const network = initial === null ? fresh : startFrom(fresh.value, initial);
  if (!network.ok) return network;
  const phases = planPhases(network.value.network, network.value.headLayers, settings);
  if (!phases.ok) return phases;
  const rates = checkLayerFactors(network.value.network, settings);
  if (!rates.ok) return rates;
  const allowed = checkRuntime(settings, runtime.value, network.value, phases.value);
  if (!allowed.ok) return allowed;
  const notices = [
    ...network.value.notices,
    ...excludedNotice(main.value.dataset),
    ...planNotices(network.value, phases.value, settings, sides.value.train.images.length),
  ];
  for (const message of notices) context.emit({ type: 'log', level: 'warning', message });
  return ok({
    settings,
    runtime: runtime.value,
    dataset: main.value.dataset,
    validationDataset: other?.value.dataset ?? null,
    ...sides.value,
    network: network.value,
    phases: phases.value,
    scanSeconds,
    notices,
    close,
  });
}

interface Scanned {
  readonly source: DatasetSource;
  readonly dataset: Dataset;
}

async function scan(
  location: string,
  sources: DatasetSource[],
  context: JobContext,
  minimumClasses: number,
): Promise<Result<Scanned>> {
  const source = await openDataset(location);
  if (!source.ok) return source;
  sources.push(source.value);
  const dataset = await scanDataset(source.value, context, { minimumClasses });
  return dataset.ok ? ok({ source: source.value, dataset: dataset.value }) : dataset;
}

function sidesOf(
  settings: TrainSettings,
  main: Scanned,
  other: Scanned | null,
): Result<{ train: Side; validation: Side }> {
  if (other === null) {
    const split = splitDataset(main.dataset, settings);
    if (!split.ok) return split;
    const { source } = main;
    const { train, validation } = split.value;
    return ok({ train: { source, images: train }, validation: { source, images: validation } });
  }
  const unknown = other.dataset.classes.filter((name) => !main.dataset.classes.includes(name));
  if (unknown.length > 0)
    return err(
      thawError(
        'labels-differ',
        `${other.dataset.name} has classes that ${main.dataset.name} does not have.`,
        {
          expected: main.dataset.classes.join(', '),
          found: unknown.join(', '),
          remedy: 'Give both the same class names.',
        },
      ),
    );
  const held = new Set(other.dataset.images.map(({ id }) => id));
  const train = main.dataset.images.filter(({ id, split }) => split !== 'test' && !held.has(id));
  if (train.length === 0)
    return err(
      thawError('input-empty', `Every image of ${main.dataset.name} is also in ${other.dataset.name}.`, {
        remedy: 'Validate on images that are not trained on.',
      }),
    );
  return ok({
    train: { source: main.source, images: train },
    validation: { source: other.source, images: other.dataset.images },
  });
}

/** What the portable runtime and a graph cannot train. */
function checkRuntime(
  settings: TrainSettings,
  runtime: TensorFlowRuntime,
  prepared: PreparedNetwork,
  phases: readonly Phase[],
): Result<void> {
  const { network, headLayers, graph } = prepared;
  const thawed = new Set(phases.flatMap(({ plan }) => plan.trainable));
  const backbone = network.layers.filter(
    ({ name, weights }) => thawed.has(name) && !headLayers.includes(name) && weights.length > 0,
  );
  const { freeze, thawFrom, thaw, fineTuneEpochs } = settings;
  const asked = freeze === 'none' || thawFrom !== null || thaw.length > 0 || fineTuneEpochs > 0;
  if (graph !== null && asked)
    return err(
      thawError(
        'engine-unsupported',
        `${prepared.name} is ${spokenFormat(graph.program.format)}: none of its layers can be thawed.`,
        {
          remedy:
            'Train with the backbone frozen and no fine-tune epochs, or use a Keras file of the same network.',
        },
      ),
    );
  const heavy = backbone.find(({ className }) => !portableClasses.has(className));
  if (runtime.kind === 'portable' && heavy !== undefined)
    return err(
      thawError('engine-missing', `Thawing ${heavy.name} (${heavy.className}) needs the native runtime.`, {
        expected: 'TensorFlow’s native library',
        found: 'portable mode, which trains the head only',
        remedy: runtime.reason?.remedy ?? 'Unset THAW_RUNTIME, then run `thaw doctor`.',
      }),
    );
  return ok(undefined);
}

/** What is unwise about the last phase's plan, which thaws the most. */
function planNotices(
  { network, headLayers }: PreparedNetwork,
  phases: readonly Phase[],
  settings: TrainSettings,
  trainImages: number,
): string[] {
  const last = phases.at(-1);
  // Without pretrained weights there is nothing to lose.
  if (last === undefined || settings.randomWeights) return [];
  const backbone = network.layers
    .filter(({ name }) => !headLayers.includes(name))
    .map((layer) => ({
      ...layer,
      type: layer.className,
      trainable: countParameters(network, { trainable: [layer.name], batchNorm: 'inference' }).trainable,
    }));
  return adviseOn(backbone, new Set(last.plan.trainable), {
    trainImages,
    batchSize: settings.batchSize,
    batchNorm: settings.batchNorm,
    learningRate: last.learningRate,
    trainsHeadFirst: phases.length > 1 || settings.continueFrom !== null,
  }).map(adviceLine);
}

function excludedNotice(dataset: Dataset): string[] {
  const excluded = new Set(dataset.findings.filter((one) => one.excluded).flatMap(({ paths }) => paths));
  if (excluded.size === 0) return [];
  return [
    `${excluded.size} of the files in ${dataset.name} are not used; \`thaw inspect\` says which and why.`,
  ];
}

/** A run can be resumed from any folder. */
async function withAbsolutePaths(settings: TrainSettings): Promise<TrainSettings> {
  const backboneIsPath = await access(settings.backbone).then(
    () => true,
    () => false,
  );
  return {
    ...settings,
    dataset: path.resolve(settings.dataset),
    validation: settings.validation === null ? null : path.resolve(settings.validation),
    continueFrom: settings.continueFrom === null ? null : path.resolve(settings.continueFrom),
    backbone: backboneIsPath ? path.resolve(settings.backbone) : settings.backbone,
    weights: settings.weights === null ? null : path.resolve(settings.weights),
  };
}
