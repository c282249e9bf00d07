import { thawError } from '../../../../shared/errors.ts';
import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err } from '../../../../shared/result.ts';
import { buildNetwork } from '../structure/buildNetwork.ts';
import { kerasOrder } from '../importers/keras/kerasOrder.ts';
import type { NestedLayers } from '../importers/keras/kerasOrder.ts';
import type { Weights } from '../weights/weights.ts';
import type { Value } from './compose/composition.ts';
import { Composition } from './compose/composition.ts';

export interface BuildOptions {
  /** Side of the square image in pixels; the architecture's own when not told. */
  readonly imageSize?: number;
  /**
   * What a network without classifier ends in: `average`, Keras's `pooling='avg'`; `none`, the last feature map, when
   * not told.
   */
  readonly pooling?: 'none' | 'average';
  /** With the classifier, as Keras's `include_top`; without it when not told. */
  readonly includeTop?: boolean;
  /** Width of the classifier; ImageNet's 1000 when not told. */
  readonly classes?: number;
  /**
   * EfficientNet only: divides the normalised pixels by √σ once more, as Keras does with its ImageNet weights and only
   * with them (see efficientNet.ts). Without it when not told.
   */
  readonly imagenetRescaling?: boolean;
}

/** What a composition is told, everything decided. */
export type Composing = Required<BuildOptions>;

export interface KerasCall {
  readonly function: string;
  readonly arguments: Readonly<Record<string, number | boolean>>;
}

/** A named network without weights, which anybody's weights for it can be loaded onto. */
export interface Architecture {
  /** What `--backbone` takes. */
  readonly name: string;
  /** How Keras builds it: a function of `tf.keras.applications` and its arguments; null where Keras has none. */
  readonly keras: KerasCall | null;
  readonly title: string;
  readonly family: string;
  /** arXiv number of the paper. */
  readonly paper: string;
  /** Side of the square image its ImageNet weights were trained on, in pixels. */
  readonly inputSize: number;
  /** What was measured with it, in plain words. */
  readonly notes: readonly string[];
  /** The smallest side Keras accepts. */
  readonly minimumSize: number;
  /** How pixels are scaled before the network; `none` where the network does it itself. */
  readonly preprocess: Preprocess;
  /** The layers that Keras keeps in models of their own, inside the model. */
  readonly nested: NestedLayers;
  /**
   * Whether its last layers come after the average pooling, so that a backbone is to be built with `pooling: 'average'`
   * to give the features it was trained to give.
   */
  readonly poolsInside: boolean;
  /** What loaded weights tell about how the network they were trained in was built, beyond names and shapes. */
  refine(weights: Weights): BuildOptions;
  /** Further spellings of the name, beside those that differ in case and separators. */
  readonly spellings: readonly string[];
  /**
   * The network, with the layers of tf.keras.applications of Keras 2.15: their names, order and parameters.
   * Errors: usage for an image size or number of classes it cannot have.
   */
  build(options?: BuildOptions): Result<Network>;
}

type Defaulted = 'notes' | 'minimumSize' | 'spellings' | 'nested' | 'poolsInside' | 'refine';
type Description = Omit<Architecture, 'build' | 'keras' | Defaulted> &
  Partial<Pick<Architecture, Defaulted>> & {
    /** The name of the function in `tf.keras.applications`. */
    readonly keras: string | null;
    readonly kerasArguments?: KerasCall['arguments'];
    /** Writes the layers down behind the input and gives the last one. */
    readonly compose: (net: Composition, image: Value, options: Composing) => Value;
  };

/** An architecture from its description. */
export function architecture({
  compose,
  keras,
  kerasArguments = {},
  refine = () => ({}),
  ...description
}: Description): Architecture {
  const {
    name,
    inputSize,
    notes = [],
    minimumSize = 32,
    spellings = [],
    nested = new Map(),
    poolsInside = false,
  } = description;
  return {
    ...description,
    keras: keras === null ? null : { function: keras, arguments: kerasArguments },
    notes,
    minimumSize,
    spellings,
    nested,
    poolsInside,
    refine,
    build({
      imageSize = inputSize,
      includeTop = false,
      pooling = 'none',
      classes = 1000,
      imagenetRescaling = false,
    } = {}) {
      const refusal = refuse(name, imageSize, minimumSize, classes);
      if (refusal !== null) return refusal;
      const net = new Composition();
      const options = { imageSize, includeTop, pooling, classes, imagenetRescaling };
      const last = compose(net, net.input(imageSize), options);
      const specs = new Map(net.specs.map((spec) => [spec.name, spec]));
      const order = kerasOrder({ layers: net.specs, output: last.layer });
      return buildNetwork(
        name,
        order.flatMap((layer) => specs.get(layer) ?? []),
        last.layer,
      );
    },
  };
}

const largestSize = 4096;

function refuse(name: string, imageSize: number, minimum: number, classes: number): Result<never> | null {
  if (!Number.isInteger(imageSize) || imageSize < minimum || imageSize > largestSize)
    return err(
      thawError('usage', `${name} cannot be built for images of ${imageSize} pixels.`, {
        expected: `a whole number from ${minimum} to ${largestSize}`,
        found: String(imageSize),
        remedy: 'Choose another --image-size.',
      }),
    );
  if (!Number.isInteger(classes) || classes < 1)
    return err(thawError('usage', `${name} cannot classify into ${classes} classes.`));
  return null;
}

/** How a network without classifier ends: as a feature map, or as its average. */
export function withoutTop(net: Composition, x: Value, { pooling }: Composing, name?: string): Value {
  if (pooling === 'none') return x;
  return net.globalAverage(x, name === undefined ? {} : { name });
}

/** How most families end: global average pooling and a softmax over the classes, or as `withoutTop`. */
export function softmaxTop(
  net: Composition,
  x: Value,
  options: Composing,
  names: {
    readonly pool?: string;
    /** The pooling's name without classifier, where it is another; null for none. */
    readonly poolWithoutTop?: null;
    readonly dropout?: readonly [rate: number, name: string];
  } = {},
): Value {
  if (!options.includeTop)
    return withoutTop(net, x, options, names.poolWithoutTop === null ? undefined : names.pool);
  let pooled = net.globalAverage(x, names.pool === undefined ? {} : { name: names.pool });
  if (names.dropout !== undefined) pooled = net.dropout(pooled, ...names.dropout);
  return net.dense(pooled, options.classes, { activation: 'softmax', name: 'predictions' });
}

/** Channels rounded to a multiple of `divisor`, never down by more than a tenth (MobileNet, EfficientNet). */
export function roundChannels(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * channels ? rounded + divisor : rounded;
}
