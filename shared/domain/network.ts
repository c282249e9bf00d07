/** The one vocabulary for networks: Keras layer configurations, whatever file they came from. */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Keras's names for input scaling; `unit` is 0–1, `none` leaves 0–255. */
export type Preprocess = 'tf' | 'torch' | 'caffe' | 'unit' | 'none';

export interface WeightSpec {
  /** Keras variable name without the layer: kernel, bias, gamma, beta, moving_mean, moving_variance… */
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Layer {
  readonly name: string;
  /** Keras class name: Conv2D, DepthwiseConv2D, BatchNormalization… */
  readonly className: string;
  /** The Keras configuration (Keras 2 spelling). */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** Names of the layers whose outputs it takes, in argument order. */
  readonly inputs: readonly string[];
  /** Without the batch dimension: [height, width, channels] or [features]. */
  readonly outputShape: readonly number[];
  readonly weights: readonly WeightSpec[];
  /**
   * The layer whose weights this one uses: a Keras layer called more than once is a layer for each call, of which the
   * first owns the weights and the others have none of their own. They train as one, when the owner trains.
   */
  readonly sharedWith?: string;
  /** Total number of weights, moving statistics included. */
  readonly parameters: number;
  /** Name of the block it belongs to, e.g. `block_13`. */
  readonly block: string;
}

export interface Block {
  readonly name: string;
  readonly layers: readonly string[];
  readonly parameters: number;
  /** Output shape of its last layer. */
  readonly outputShape: readonly number[];
}

/** A network with one image input; layers in topological order, the input layer first. */
export interface Network {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Name of the layer whose output is the network's. */
  readonly output: string;
  /** [height, width, channels]. */
  readonly inputShape: readonly [number, number, number];
  readonly blocks: readonly Block[];
}

/** The name of the layer that owns the weights a layer uses. */
export function ownerOf(layer: Pick<Layer, 'name' | 'sharedWith'>): string {
  return layer.sharedWith ?? layer.name;
}

export function findLayer(network: Network, name: string): Layer | undefined {
  return network.layers.find((layer) => layer.name === name);
}

const statistics: ReadonlySet<string> = new Set([
  // Of BatchNormalization, then of Normalization.
  'moving_mean',
  'moving_variance',
  'mean',
  'variance',
  'count',
]);

/** Weights that training never changes by gradient, as in Keras's `non_trainable_weights`. */
export function isMovingStatistic(weightName: string): boolean {
  return statistics.has(weightName);
}
