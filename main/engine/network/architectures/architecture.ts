import { thawError } from '../../../../shared/errors.ts';
import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { err } from '../../../../shared/result.ts';
import { buildNetwork } from '../buildNetwork.ts';
import type { Value } from './compose/composition.ts';
import { Composition } from './compose/composition.ts';
import { kerasOrder } from './compose/kerasOrder.ts';

export interface BuildOptions {
  /** Side of the square image in pixels; the architecture's own when not told. */
  readonly imageSize?: number;
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

/** A named network without weights, which anybody's weights for it can be loaded onto. */
export interface Architecture {
  /** What `--backbone` takes. */
  readonly name: string;
  /** The name of its function in `tf.keras.applications`; null where Keras has none. */
  readonly keras: string | null;
  readonly title: string;
  readonly family: string;
  /** arXiv number of the paper. */
  readonly paper: string;
  /** Side of the square image its ImageNet weights were trained on, in pixels. */
  readonly inputSize: number;
  /** The smallest side Keras accepts. */
  readonly minimumSize: number;
  /** How pixels are scaled before the network; `none` where the network does it itself. */
  readonly preprocess: Preprocess;
  /** Further spellings of the name, beside those that differ in case and separators. */
  readonly spellings: readonly string[];
  /**
   * The network, with the layers of tf.keras.applications of Keras 2.15: their names, order and parameters.
   * Errors: usage for an image size or number of classes it cannot have.
   */
  build(options?: BuildOptions): Result<Network>;
}

type Description = Omit<Architecture, 'build' | 'minimumSize' | 'spellings'> &
  Partial<Pick<Architecture, 'minimumSize' | 'spellings'>> & {
    /** Writes the layers down behind the input and gives the last one. */
    readonly compose: (net: Composition, image: Value, options: Composing) => Value;
  };

/** An architecture from its description. */
export function architecture({ compose, ...description }: Description): Architecture {
  const { name, inputSize, minimumSize = 32, spellings = [] } = description;
  return {
    ...description,
    minimumSize,
    spellings,
    build({ imageSize = inputSize, includeTop = false, classes = 1000, imagenetRescaling = false } = {}) {
      const refusal = refuse(name, imageSize, minimumSize, classes);
      if (refusal !== null) return refusal;
      const net = new Composition();
      const last = compose(net, net.input(imageSize), { imageSize, includeTop, classes, imagenetRescaling });
      return buildNetwork(name, kerasOrder(net.specs, last.layer), last.layer);
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

/** What most families end in: global average pooling and a softmax over the classes. */
export function softmaxTop(
  net: Composition,
  x: Value,
  options: Composing,
  names: { readonly pool?: string; readonly dropout?: readonly [rate: number, name: string] } = {},
): Value {
  if (!options.includeTop) return x;
  let pooled = net.globalAverage(x, names.pool === undefined ? {} : { name: names.pool });
  if (names.dropout !== undefined) pooled = net.dropout(pooled, ...names.dropout);
  return net.dense(pooled, options.classes, { activation: 'softmax', name: 'predictions' });
}

/** Channels rounded to a multiple of `divisor`, never down by more than a tenth (MobileNet, EfficientNet). */
export function roundChannels(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * channels ? rounded + divisor : rounded;
}
