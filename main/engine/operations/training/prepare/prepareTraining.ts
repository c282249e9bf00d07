import path from 'node:path';
import { access } from 'node:fs/promises';
import type { Dataset } from '../../../../../shared/domain/dataset.ts';
import type { TrainSettings } from '../../../../../shared/domain/run.ts';
import { thawError } from '../../../../../shared/errors.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { DatasetSource, HeldImage } from '../../../dataset/index.ts';
import { HeldPixels, openDataset, viewSource } from '../../../dataset/index.ts';
import type { JobContext } from '../../../jobs/context.ts';
import type { ImportedNetwork, Weights } from '../../../network/index.ts';
import { askedFrozenRuntime } from '../../../runtime/frozen/frozenRuntime.ts';
import type { TensorFlowRuntime } from '../../../runtime/tensorflow.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Phase } from '../../../training/phases.ts';
import type { DecidedPhase } from '../../../training/laterPhases.ts';
import { nextPhase, planPhases } from '../../../training/phases.ts';
import { checkLayerFactors } from '../../../training/recipe.ts';
import type { PreparedNetwork } from '../../model/openBackbone.ts';
import { attachHeadTo, imageSizeOf, readBackbone } from '../../model/openBackbone.ts';
import { checkRuntime, planNotices } from './planChecks.ts';
import { startFrom } from './startFrom.ts';
import type { Side } from './trainingData.ts';
import { excludedNotice, scanForTraining, sidesOf } from './trainingData.ts';
import { checkFinite } from './finiteWeights.ts';

/** Everything training needs before its first feature. */
export interface Preparation {
  readonly settings: TrainSettings;
  readonly runtime: TensorFlowRuntime;
  readonly dataset: Dataset;
  /** The separate validation dataset, where one was given. */
  readonly validationDataset: Dataset | null;
  readonly train: Side;
  readonly validation: Side;
  /**
   * Pixels of the images from the scan, until the first phase's features are computed. With augmentation, what
   * variations of the training images are taken of, as long as they are trained on.
   */
  readonly held: HeldPixels;
  readonly network: PreparedNetwork;
  /** Hash of the backbone's own weights, whatever the run started from. */
  readonly backboneHash: string;
  /** Planned at the beginning. */
  readonly phases: readonly Phase[];
  /** Decided on since. */
  readonly decided: readonly DecidedPhase[];
  readonly scanSeconds: number;
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/**
 * Reads the backbone, scans the data, splits it and plans the phases. Nothing is written.
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
  const frozen = askedFrozenRuntime();
  if (!frozen.ok) return frozen;
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
  for (const location of [settings.dataset, settings.validation]) {
    if (location === null) continue;
    const source = await openDataset(location);
    if (!source.ok) return source;
    sources.push(source.value);
  }
  const [mainSource, otherSource] = sources;
  if (mainSource === undefined) throw new Error('A training has a dataset');
  const imported = await readBackbone(settings);
  if (!imported.ok) return imported;
  const finite = checkFinite(imported.value, settings.backbone);
  if (!finite.ok) return finite;
  const held = heldFor(imported.value, settings);
  const isVaried = settings.augment !== 'none';

  const started = performance.now();
  const main = await scanForTraining(mainSource, { minimumClasses: 2, held, whenBusy }, context);
  if (!main.ok) return main;
  const other =
    otherSource === undefined
      ? null
      : await scanForTraining(otherSource, { minimumClasses: 1, held: isVaried ? null : held }, context);
  if (other?.ok === false) return other;
  const scanSeconds = (performance.now() - started) / 1000;
  const sides = sidesOf(settings, main.value, other?.value ?? null);
  if (!sides.ok) return sides;
  if (isVaried) held.keepOnly(heldImages(sides.value.train));

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
  const fresh = await attachHeadTo(imported.value, settings, classes);
  if (!fresh.ok) return fresh;
  const network = initial === null ? fresh : startFrom(fresh.value, initial);
  if (!network.ok) return network;
  const phases = planPhases(network.value.network, network.value.headLayers, settings);
  if (!phases.ok) return phases;
  const rates = checkLayerFactors(network.value.network, settings);
  if (!rates.ok) return rates;
  const decided = decidedPhases(network.value, settings);
  if (!decided.ok) return decided;
  const every = [...phases.value, ...decided.value.map(({ phase }) => phase)];
  const allowed = checkRuntime(settings, runtime.value, network.value, every);
  if (!allowed.ok) return allowed;
  const notices = [
    ...network.value.notices,
    ...excludedNotice(main.value.dataset),
    ...planNotices(network.value, every, settings, sides.value.train.images.length),
  ];
  for (const message of notices) context.emit({ type: 'log', level: 'warning', message });
  return ok({
    settings,
    runtime: runtime.value,
    dataset: main.value.dataset,
    validationDataset: other?.value.dataset ?? null,
    ...sides.value,
    held,
    network: network.value,
    backboneHash: fresh.value.weightsHash,
    phases: phases.value,
    decided: decided.value,
    scanSeconds,
    notices,
    close,
  });
}

function decidedPhases(
  { network, headLayers }: PreparedNetwork,
  settings: TrainSettings,
): Result<DecidedPhase[]> {
  const decided: DecidedPhase[] = [];
  for (const { after, ...next } of settings.laterPhases) {
    const phase = nextPhase(network, headLayers, next, settings);
    if (!phase.ok) return phase;
    const factors = checkLayerFactors(network, { ...settings, ...phase.value.factors });
    if (!factors.ok) return factors;
    decided.push({ after, phase: phase.value });
  }
  return ok(decided);
}

/** What is here of the runtime is loaded meanwhile; what is missing is set up once the data is known to be good. */
function whenBusy(): void {
  void loadTensorFlow({ provision: false });
}

/**
 * Room for the pixels of the images as they are, or for what variations are taken of: then validation images, which are
 * seen as they are and are known only once all have been looked at, are decoded on their own.
 */
function heldFor(imported: ImportedNetwork, { augment, resize, ...settings }: TrainSettings): HeldPixels {
  const [height, width] = imageSizeOf(imported, settings);
  const target = { width, height, resize };
  return new HeldPixels(augment === 'none' ? target : viewSource(target));
}

function heldImages({ source: { location }, images }: Side): HeldImage[] {
  return images.map(({ path: at }) => ({ location, path: at }));
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
