import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Layer, Network } from '../../../../shared/domain/network.ts';
import { ownerOf } from '../../../../shared/domain/network.ts';
import { kernelsOf } from '../../runtime/kernels/kernels.ts';
import type { Tf } from '../../runtime/tf.ts';
import type { LayerCall, LayerKind } from '../layers/layerKind.ts';
import { layerKindOf } from '../layers/registry.ts';
import type { Step } from './steps.ts';
import { countInputs, stepsOf } from './steps.ts';
import { weightKey } from '../weights/weights.ts';

export interface ForwardMode {
  /** Whether dropout drops. */
  readonly training: boolean;
  /** Layers that train. Only these, and only with `batchNorm: 'update'` in training, use batch statistics. */
  readonly trainable: ReadonlySet<string>;
  readonly batchNorm: 'inference' | 'update';
  /** An int32 scalar that decides what dropout drops; each layer draws from a stream of its own. */
  readonly dropoutSeed: Tensor | null;
  /**
   * Takes a layer's moving mean and variance as they are after this batch (momentum applied), once a layer: one that is
   * called twice has moved twice, as in Keras. The tensors live until the enclosing `tf.tidy` ends: assign or `tf.keep`
   * them.
   */
  readonly onMovingStatistics?: (layer: string, mean: Tensor, variance: Tensor) => void;
}

/** Everything frozen, nothing dropped. */
export const inferenceMode: ForwardMode = {
  training: false,
  trainable: new Set(),
  batchNorm: 'inference',
  dropoutSeed: null,
};

const logitsSuffix = ':logits';

/** The name under which `forward` gives a layer's value before its activation. */
export function logitsOf(layer: string): string {
  return layer + logitsSuffix;
}

/**
 * Computes the named layers' outputs from the fed ones, running only what lies between. Plain tfjs-core operations in
 * float32, differentiable by `tf.variableGrads`, on any backend. Call it inside `tf.tidy`.
 * @param variables weights by "layer/weight"; only those of the layers that run are read.
 * @param feeds tensors [batch, ...] by layer name: the input layer's, or the cached outputs of a frontier.
 * @param outputs layer names; `name:logits` is the value before the layer's activation.
 */
export function forward(
  tf: Tf,
  network: Network,
  variables: ReadonlyMap<string, Tensor>,
  feeds: ReadonlyMap<string, Tensor>,
  outputs: readonly string[],
  mode: ForwardMode,
): Tensor[] {
  const wanted = new Set(outputs.map(plainName));
  const updates = (layer: Layer): boolean =>
    mode.training && mode.batchNorm === 'update' && mode.trainable.has(ownerOf(layer));
  const steps = stepsOf(layersBetween(network, feeds, outputs), wanted, updates);
  const readers = countInputs(steps.map(({ layer }) => layer));
  const values = new Map(feeds);
  const logits = new Map<string, Tensor>();
  /** Moving statistics by owner, as the calls so far have left them. */
  const moved = new Map<string, Statistics>();

  for (const step of steps) {
    const { layer, gives } = step;
    const inputs = layer.inputs.map((name) => valueOf(values, name));
    const before = moved.get(ownerOf(layer)) ?? null;
    const compute = (activate: boolean): Tensor => {
      const { value, ...statistics } = tf.tidy(() =>
        computeStep({ tf, network, variables, mode, updates, before }, step, inputs, activate),
      );
      if (statistics.mean !== undefined && statistics.variance !== undefined)
        moved.set(ownerOf(layer), { mean: statistics.mean, variance: statistics.variance });
      return value;
    };
    const asLogits = outputs.includes(logitsOf(gives));
    if (asLogits) logits.set(gives, compute(false));
    if (!asLogits || outputs.includes(gives) || (readers.get(gives) ?? 0) > 0)
      values.set(gives, compute(true));
    // A gradient tape keeps what it needs; without one, memory stays at the widest point of the network.
    if (!mode.training) {
      for (const name of new Set(layer.inputs)) {
        const left = (readers.get(name) ?? 0) - layer.inputs.filter((input) => input === name).length;
        readers.set(name, left);
        if (left > 0 || feeds.has(name) || wanted.has(name)) continue;
        values.get(name)?.dispose();
        values.delete(name);
      }
    }
  }
  for (const [owner, { mean, variance }] of moved) mode.onMovingStatistics?.(owner, mean, variance);
  return outputs.map((name) => valueOf(name.endsWith(logitsSuffix) ? logits : values, plainName(name)));
}

/** The layers to run, in order: what the outputs need, back to the feeds. */
export function layersBetween(
  network: Network,
  feeds: Pick<ReadonlySet<string>, 'has'>,
  outputs: readonly string[],
): Layer[] {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  const needed = new Set<string>();
  const pending = outputs.map(plainName);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name) || feeds.has(name)) continue;
    const layer = byName.get(name);
    if (layer === undefined) throw new Error(`Network ${network.name} has no layer "${name}"`);
    if (layer.inputs.length === 0) throw new Error(`Input layer "${name}" was not fed`);
    needed.add(name);
    pending.push(...layer.inputs);
  }
  return network.layers.filter((layer) => needed.has(layer.name));
}

interface Surroundings {
  readonly tf: Tf;
  readonly network: Network;
  readonly variables: ReadonlyMap<string, Tensor>;
  readonly mode: ForwardMode;
  readonly updates: (layer: Layer) => boolean;
  /** The layer's moving statistics where an earlier call has moved them. */
  readonly before: Statistics | null;
}

interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

function computeStep(
  { tf, network, variables, mode, updates, before }: Surroundings,
  { layer, scaledBy }: Step,
  inputs: readonly Tensor[],
  activate: boolean,
): { value: Tensor } & Partial<Statistics> {
  const kind = kindOf(layer);
  let after: Statistics | null = null;
  const weightOf =
    (user: Layer) =>
    (name: string): Tensor => {
      if (user === layer && name === 'moving_mean' && before !== null) return before.mean;
      if (user === layer && name === 'moving_variance' && before !== null) return before.variance;
      return valueOf(variables, weightKey(ownerOf(user), name));
    };
  const call: LayerCall = {
    tf,
    inputs,
    weight: weightOf(layer),
    outputShape: layer.outputShape,
    activate,
    scaledBy:
      scaledBy === null
        ? null
        : (kindOf(scaledBy).channelScale?.(scaledBy.config, { tf, weight: weightOf(scaledBy) }) ?? null),
    training: mode.training,
    updateStatistics: updates(layer),
    uniform(shape) {
      if (mode.dropoutSeed === null) throw new Error(`Layer "${layer.name}" drops without a seed`);
      return kernelsOf(tf).uniform(mode.dropoutSeed, network.layers.indexOf(layer), shape);
    },
    moveStatistics(mean, variance) {
      after = { mean, variance };
    },
  };
  const value = kind.compute(layer.config, call);
  return { value, ...(after as Statistics | null) };
}

function kindOf(layer: Layer): LayerKind {
  const kind = layerKindOf(layer.className);
  if (kind === undefined) throw new Error(`Layer "${layer.name}" is of unknown class ${layer.className}`);
  return kind;
}

function valueOf(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name);
  if (value === undefined) throw new Error(`No value for "${name}"`);
  return value;
}

function plainName(output: string): string {
  return output.endsWith(logitsSuffix) ? output.slice(0, -logitsSuffix.length) : output;
}
