import { thawError } from '../../../../shared/errors.ts';
import type { Network } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { headStart, isSoftmax } from '../blocks/headStart.ts';
import type { LayerSpec } from './buildNetwork.ts';
import { buildNetwork, specsOf, withImageSize } from './buildNetwork.ts';
import { randomWeights } from '../weights/randomWeights.ts';
import type { WeightArray, Weights } from '../weights/weights.ts';
import { sizeOf, weightsOf } from '../weights/weights.ts';

export interface HeadSettings {
  readonly classes: readonly string[];
  /** Widths of hidden layers, input side first. */
  readonly units: readonly number[];
  /**
   * Share of values dropped after each hidden layer, or before the classifier when there is none; null: what the backbone
   * drops before its own, see `ownDropout`.
   */
  readonly dropout: number | null;
  readonly seed: number;
  /** Side of the square input in pixels; null keeps the backbone's. */
  readonly imageSize: number | null;
}

export interface NetworkWithHead {
  readonly network: Network;
  readonly weights: Weights;
  /** The layer whose [features] the head reads. */
  readonly featureLayer: string;
  /** The layers that were added, in order. */
  readonly headLayers: readonly string[];
}

/** The name of the layer that gives the class probabilities. */
export const outputLayerName = 'probabilities';

/**
 * Takes the classifier off: the new output is the feature output, a global pooling where the network has one. A
 * network without a classifier stays as it is.
 */
export function dropHead(network: Network): Result<{ network: Network; dropped: string[] }> {
  const feature = featureOutputOf(network);
  if (feature === network.output) return ok({ network, dropped: [] });
  const headless = buildNetwork(network.name, specsOf(network), feature);
  if (!headless.ok) return headless;
  const kept = new Set(headless.value.layers.map((layer) => layer.name));
  const dropped = network.layers.filter((layer) => !kept.has(layer.name)).map((layer) => layer.name);
  return ok({ network: headless.value, dropped });
}

function featureOutputOf(network: Network): string {
  const { layers } = network;
  const start = headStart(layers);
  const first = layers[start];
  if (first === undefined) return network.output;
  const before = first.inputs[0] ?? network.output;
  // A flattened image is worth more as an image: ours is pooled.
  if (first.className === 'Flatten') return before;
  const decidesBefore = layers.slice(start).every((layer) => layer.weights.length === 0);
  return decidesBefore ? beforeClassifierConvolution(network, before) : first.name;
}

/** SqueezeNet and its kind classify by a 1 × 1 convolution before the pooling. */
function beforeClassifierConvolution(network: Network, last: string): string {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  for (let layer = byName.get(last); layer !== undefined; layer = byName.get(layer.inputs[0] ?? '')) {
    if (layer.weights.length > 0) return layer.inputs[0] ?? last;
    if (layer.className !== 'ReLU' && layer.className !== 'Activation') break;
  }
  return last;
}

/**
 * Puts a new classifier on a headless network: global average pooling if the features are an image, a ReLU layer
 * for each of `units`, dropout, and a softmax over the classes. Kernels are Glorot-uniform from the seed (Glorot
 * and Bengio 2010, eq. 16), biases zero.
 */
export function attachHead(
  backbone: Network,
  weights: ReadonlyMap<string, WeightArray>,
  settings: HeadSettings,
): Result<NetworkWithHead> {
  if (settings.classes.length < 2) {
    return err(
      thawError('one-class', 'A classifier needs two classes or more.', {
        found: settings.classes.join(', ') || 'none',
      }),
    );
  }
  const specs = specsOf(backbone);
  const body = settings.imageSize === null ? specs : withImageSize(specs, settings.imageSize);
  const base = buildNetwork(backbone.name, body, backbone.output);
  if (!base.ok) return base;
  const head = headSpecs(base.value, settings);
  const network = buildNetwork(backbone.name, [...body, ...head.specs], outputLayerName);
  if (!network.ok) return network;
  const headLayers = head.specs.map((spec) => spec.name);
  const all = new Map(weights);
  for (const [key, weight] of randomWeights(network.value, settings.seed))
    if (headLayers.includes(key.slice(0, key.lastIndexOf('/')))) all.set(key, weight);
  return ok({
    network: network.value,
    weights: weightsOf(network.value, all),
    featureLayer: head.feature,
    headLayers,
  });
}

/**
 * The dropout that a backbone ends with, 0 when with another layer. It belongs to the classifier the backbone was trained
 * with (SqueezeNet drops half of its features there, 1602.07360, section 3.3), and would have no effect in a frozen one.
 */
export function ownDropout({ layers, output }: Pick<Network, 'layers' | 'output'>): number {
  const last = layers.find(({ name }) => name === output);
  const rate = last?.className === 'Dropout' ? last.config['rate'] : 0;
  return typeof rate === 'number' ? rate : 0;
}

function headSpecs(base: Network, settings: HeadSettings): { specs: LayerSpec[]; feature: string } {
  const taken = new Set(base.layers.map((layer) => layer.name));
  const specs: LayerSpec[] = [];
  let last = base.output;
  const push = (wanted: string, className: string, config: LayerSpec['config']): void => {
    let name = wanted;
    for (let copy = 2; taken.has(name); copy += 1) name = `${wanted}_${copy}`;
    taken.add(name);
    specs.push({ name, className, config: { name, trainable: true, ...config }, inputs: [last] });
    last = name;
  };
  const dropout = settings.dropout ?? ownDropout(base);
  const shape = base.layers.at(-1)?.outputShape ?? [];
  if (shape.length === 3 && sizeOf(shape.slice(0, 2)) === 1) push('head_features', 'Flatten', {});
  else if (shape.length === 3)
    push('head_pooling', 'GlobalAveragePooling2D', { data_format: 'channels_last', keepdims: false });
  else if (shape.length !== 1) push('head_features', 'Flatten', {});
  const feature = last;
  for (const [index, units] of settings.units.entries()) {
    push(`head_dense_${index + 1}`, 'Dense', { units, activation: 'relu', use_bias: true });
    if (dropout > 0) push(`head_dropout_${index + 1}`, 'Dropout', { rate: dropout });
  }
  if (settings.units.length === 0 && dropout > 0) push('head_dropout', 'Dropout', { rate: dropout });
  push(outputLayerName, 'Dense', {
    units: settings.classes.length,
    activation: 'softmax',
    use_bias: true,
  });
  return { specs, feature };
}

/** Whether a network ends in a softmax, so that its output is probabilities. */
export function endsInSoftmax(network: Network): boolean {
  const output = network.layers.at(-1);
  return output !== undefined && isSoftmax(output);
}
