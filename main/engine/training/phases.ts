import type { FreezePlan } from '../../../shared/domain/freezePlan.ts';
import { cutOf, frontierOf, thawFrom, thawGlobs } from '../../../shared/domain/freezePlan.ts';
import type { Network } from '../../../shared/domain/network.ts';
import type { NextPhase, PhaseName, TrainSettings } from '../../../shared/domain/run.ts';
import { thawError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';

/** A stretch of training with one freeze plan, learning rate and number of epochs. */
export interface Phase {
  readonly name: PhaseName;
  readonly epochs: number;
  readonly learningRate: number;
  readonly plan: FreezePlan;
  /** The first trainable layer. */
  readonly cut: string;
  /** Layers whose outputs the trained part reads; everything up to them is the frozen prefix. */
  readonly frontier: readonly string[];
  /** Factors by layer in place of the run's. */
  readonly factors?: Partial<Pick<TrainSettings, 'layerRates' | 'layerL2sp'>>;
}

type PhaseSettings = Pick<
  TrainSettings,
  | 'epochs'
  | 'learningRate'
  | 'freeze'
  | 'thawFrom'
  | 'thaw'
  | 'fineTuneEpochs'
  | 'fineTuneLearningRate'
  | 'batchNorm'
  | 'gradualUnfreeze'
>;

/**
 * The phases the settings ask for: with fine-tune epochs, the head first and then the thawed layers at their own
 * learning rate; without, one phase. Fine-tuning without named layers thaws the whole backbone.
 * @param network the backbone with its head. @param headLayers names of the head's layers.
 * Errors: usage, for a layer that is not there, a pattern that matches nothing, or no epochs at all.
 */
export function planPhases(
  network: Network,
  headLayers: readonly string[],
  settings: PhaseSettings,
): Result<Phase[]> {
  if (settings.epochs + settings.fineTuneEpochs === 0)
    return err(
      thawError('usage', 'There is nothing to train: no epochs were asked for.', { remedy: 'Set --epochs.' }),
    );
  const thawed = thawedLayers(network, settings);
  if (!thawed.ok) return thawed;
  const all = network.layers.map((layer) => layer.name);
  const named = [...thawed.value, ...headLayers];
  const fineTunes = settings.fineTuneEpochs > 0;
  const firstTrainable =
    settings.freeze === 'none' ? all : fineTunes || thawed.value.length === 0 ? headLayers : named;
  const phases: Phase[] = [];
  if (settings.epochs > 0)
    phases.push(phase(network, headLayers, firstTrainable, settings.epochs, settings.learningRate, settings));
  if (fineTunes) {
    const trainable = settings.freeze === 'none' || thawed.value.length === 0 ? all : named;
    const { fineTuneLearningRate } = settings;
    const steps = unfreezingSteps(network, headLayers, trainable, settings);
    if (!steps.ok) return steps;
    for (const { layers, epochs } of steps.value)
      phases.push(phase(network, headLayers, layers, epochs, fineTuneLearningRate, settings));
  }
  return ok(phases);
}

/** A phase that is decided on in the middle of a run. Errors: usage, as `planPhases`. */
export function nextPhase(
  network: Network,
  headLayers: readonly string[],
  { thawFrom: from, thaw, epochs, learningRate, ...factors }: NextPhase,
  settings: PhaseSettings,
): Result<Phase> {
  const thawed = thawedLayers(network, { thawFrom: from, thaw });
  if (!thawed.ok) return thawed;
  const trainable = [...thawed.value, ...headLayers];
  return ok({ ...phase(network, headLayers, trainable, epochs, learningRate, settings), factors });
}

/**
 * Gradual unfreezing (1801.06146, section 3.3): the thawed blocks join from the last one back, in as many steps as
 * asked for, which share the epochs; one step when not asked for.
 */
function unfreezingSteps(
  network: Network,
  headLayers: readonly string[],
  trainable: readonly string[],
  { gradualUnfreeze, fineTuneEpochs }: PhaseSettings,
): Result<{ layers: readonly string[]; epochs: number }[]> {
  if (gradualUnfreeze <= 1) return ok([{ layers: trainable, epochs: fineTuneEpochs }]);
  const head = new Set(headLayers);
  const wanted = new Set(trainable);
  const thawed = network.layers.filter(({ name, weights }) => wanted.has(name) && weights.length > 0);
  const blocks = [...new Set(thawed.filter(({ name }) => !head.has(name)).map(({ block }) => block))];
  const steps = Math.min(gradualUnfreeze, blocks.length);
  if (fineTuneEpochs < steps)
    return err(
      thawError('usage', `--gradual-unfreeze ${gradualUnfreeze} needs an epoch for each of its steps.`, {
        expected: `at least ${steps} fine-tune epochs`,
        found: String(fineTuneEpochs),
        remedy: 'Raise --fine-tune-epochs or lower --gradual-unfreeze.',
      }),
    );
  return ok(
    Array.from({ length: steps }, (_, step) => {
      const first = blocks.length - Math.ceil((blocks.length * (step + 1)) / steps);
      const open = new Set(blocks.slice(first));
      const epochsBy = (count: number): number => Math.round((fineTuneEpochs * count) / steps);
      return {
        layers: network.layers
          .filter(({ name, block }) => wanted.has(name) && (head.has(name) || open.has(block)))
          .map(({ name }) => name),
        epochs: epochsBy(step + 1) - epochsBy(step),
      };
    }),
  );
}

function phase(
  network: Network,
  headLayers: readonly string[],
  trainable: readonly string[],
  epochs: number,
  learningRate: number,
  settings: PhaseSettings,
): Phase {
  const plan: FreezePlan = { trainable, batchNorm: settings.batchNorm };
  const cut = cutOf(network, plan)?.name ?? network.output;
  const onlyHead = headLayers.includes(cut);
  return {
    name: onlyHead ? 'head' : 'fine-tune',
    epochs,
    learningRate,
    plan,
    cut,
    frontier: frontierOf(network, onlyHead ? firstAfterFeatures(network, headLayers, cut) : cut).map(
      ({ name }) => name,
    ),
  };
}

/** Dropout before the first dense layer belongs to what trains: in the prefix it would drop nothing. */
function firstAfterFeatures(network: Network, headLayers: readonly string[], cut: string): string {
  const head = network.layers.filter(({ name }) => headLayers.includes(name));
  const first = head.findIndex(({ className, name }) => className === 'Dropout' || name === cut);
  return head[first]?.name ?? cut;
}

function thawedLayers(
  network: Network,
  settings: Pick<PhaseSettings, 'thawFrom' | 'thaw'>,
): Result<string[]> {
  const { thawFrom: from, thaw: globs } = settings;
  const layers = new Set<string>();
  if (from !== null) {
    const block = network.blocks.find(({ name }) => name === from);
    const start = network.layers.some(({ name }) => name === from) ? from : block?.layers[0];
    if (start === undefined) return err(noSuchLayer(network, '--thaw-from', from));
    for (const name of thawFrom(network, start)) layers.add(name);
  }
  for (const glob of globs) {
    const matched = thawGlobs(network, [glob]);
    if (matched.length === 0) return err(noSuchLayer(network, '--thaw', glob));
    for (const name of matched) layers.add(name);
  }
  return ok(network.layers.map(({ name }) => name).filter((name) => layers.has(name)));
}

function noSuchLayer(network: Network, option: string, found: string): ReturnType<typeof thawError> {
  return thawError('usage', `${option}: ${network.name} has no layer or block "${found}".`, {
    expected: `a layer's name, or one of the blocks ${network.blocks.map(({ name }) => name).join(', ')}`,
    found,
    remedy: '`thaw inspect MODEL` lists the layers.',
  });
}
