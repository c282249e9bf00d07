import type { JsonValue } from '../../../../../shared/domain/network.ts';
import type { LayerSpec } from '../../structure/buildNetwork.ts';
import type { RawConfig, Shape } from '../../layers/layerKind.ts';
import { layerKindOf } from '../../layers/registry.ts';
import { LayerNames } from './naming.ts';

/** What a layer gives while a network is being composed. */
export interface Value {
  readonly layer: string;
  /** Without the batch: [height, width, channels] or [features]. */
  readonly shape: Shape;
}

/** A layer's name; left out, the layer is named as Keras names it. */
export interface Named {
  readonly name?: string;
}

type Padding = 'valid' | 'same';
type Size = number | readonly [number, number];

interface ConvolutionOptions extends Named {
  readonly strides?: number;
  readonly padding?: Padding;
  readonly bias?: boolean;
  readonly activation?: string;
  readonly groups?: number;
}

interface PoolingOptions extends Named {
  readonly strides?: number;
  readonly padding?: Padding;
}

/**
 * A network as it is written down, layer after layer. Each method adds one Keras layer and gives its value; shapes are
 * known at once, so that a composition can depend on them. A layer that cannot be added is a mistake in the
 * composition, and throws.
 */
export class Composition {
  readonly specs: LayerSpec[] = [];
  readonly #names = new LayerNames();

  /** An RGB image, named as Keras names a model's first input. */
  input(imageSize: number): Value {
    const name = this.#names.claim('input_1');
    const shape = [imageSize, imageSize, 3];
    const config = { name, batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false };
    this.specs.push({ name, className: 'InputLayer', config, inputs: [] });
    return { layer: name, shape };
  }

  /** Adds a layer of any class. `called` is what an unnamed one is named after, where that is not its class. */
  layer(
    className: string,
    settings: RawConfig,
    inputs: readonly Value[],
    name: string | undefined,
    called: string = className,
  ): Value {
    const own = name === undefined ? this.#names.automatic(called) : this.#names.claim(name);
    const config = { name: own, ...settings };
    const inference = layerKindOf(className)?.infer(
      config,
      inputs.map(({ shape }) => shape),
    );
    if (inference?.ok !== true)
      throw new Error(
        `Layer "${own}" (${className}) cannot be added: ${inference?.error ?? 'unknown class'}`,
      );
    this.specs.push({ name: own, className, config, inputs: inputs.map(({ layer }) => layer) });
    return { layer: own, shape: inference.value.outputShape };
  }

  conv(x: Value, filters: number, kernel: Size, options: ConvolutionOptions = {}): Value {
    const { groups } = options;
    const settings = { filters, ...windowOf(kernel, options), ...(groups !== undefined && { groups }) };
    return this.layer('Conv2D', settings, [x], options.name);
  }

  depthwise(x: Value, kernel: Size, options: ConvolutionOptions = {}): Value {
    return this.layer('DepthwiseConv2D', windowOf(kernel, options), [x], options.name);
  }

  separable(x: Value, filters: number, kernel: Size, options: ConvolutionOptions = {}): Value {
    return this.layer('SeparableConv2D', { filters, ...windowOf(kernel, options) }, [x], options.name);
  }

  dense(x: Value, units: number, options: Named & { readonly activation?: string } = {}): Value {
    return this.layer('Dense', { units, activation: options.activation ?? 'linear' }, [x], options.name);
  }

  batchNorm(
    x: Value,
    options: Named & {
      readonly epsilon?: number;
      readonly momentum?: number;
      readonly scale?: boolean;
    } = {},
  ): Value {
    const { epsilon = 1e-3, momentum = 0.99, scale = true } = options;
    return this.layer('BatchNormalization', { axis: [3], epsilon, momentum, scale }, [x], options.name);
  }

  layerNorm(x: Value, epsilon: number, name?: string): Value {
    return this.layer('LayerNormalization', { axis: [x.shape.length], epsilon }, [x], name);
  }

  activation(x: Value, activation: string, name?: string): Value {
    return this.layer('Activation', { activation }, [x], name);
  }

  relu(x: Value, maximum: number | null, name?: string): Value {
    return this.layer('ReLU', { max_value: maximum, negative_slope: 0, threshold: 0 }, [x], name);
  }

  dropout(x: Value, rate: number, name?: string): Value {
    return this.layer('Dropout', { rate }, [x], name);
  }

  /** Drops whole images of a residual branch (1603.09382), as EfficientNet writes it. */
  dropBranch(x: Value, rate: number, name: string): Value {
    return this.layer('Dropout', { rate, noise_shape: [null, 1, 1, 1] }, [x], name);
  }

  /** Zeros around an image, in pixels: all around, or [[top, bottom], [left, right]]. */
  pad(x: Value, padding: number | readonly (readonly [number, number])[], name?: string): Value {
    const all = typeof padding === 'number' ? [padding, padding] : padding.map((pair) => [...pair]);
    return this.layer('ZeroPadding2D', { padding: all }, [x], name);
  }

  /**
   * The zeros that `same` would put around an odd image, written out: what TensorFlow-trained networks put before a
   * strided window (keras.src.applications.imagenet_utils.correct_pad).
   */
  padForStride(x: Value, kernel: number, name: string): Value {
    const half = Math.floor(kernel / 2);
    const before = (length: number): number => half - (1 - (length % 2));
    const [height = 1, width = 1] = x.shape;
    return this.pad(
      x,
      [
        [before(height), half],
        [before(width), half],
      ],
      name,
    );
  }

  maxPool(x: Value, window: number, options: PoolingOptions = {}): Value {
    return this.layer('MaxPooling2D', poolingOf(window, options), [x], options.name);
  }

  averagePool(x: Value, window: number, options: PoolingOptions = {}): Value {
    return this.layer('AveragePooling2D', poolingOf(window, options), [x], options.name);
  }

  globalAverage(x: Value, options: Named & { readonly keepDimensions?: boolean } = {}): Value {
    const settings = { keepdims: options.keepDimensions ?? false };
    return this.layer('GlobalAveragePooling2D', settings, [x], options.name);
  }

  add(inputs: readonly Value[], name?: string): Value {
    return this.layer('Add', {}, inputs, name);
  }

  multiply(inputs: readonly Value[], name?: string): Value {
    return this.layer('Multiply', {}, inputs, name);
  }

  /** Joins channels. */
  concat(inputs: readonly Value[], name?: string): Value {
    return this.layer('Concatenate', { axis: 3 }, inputs, name);
  }

  /** x × scale + offset; `called` names it after the operation it stands for. */
  rescale(
    x: Value,
    scale: number | readonly number[],
    offset = 0,
    { name, called = 'Rescaling' }: Named & { readonly called?: string } = {},
  ): Value {
    const factor: JsonValue = typeof scale === 'number' ? scale : [...scale];
    return this.layer('Rescaling', { scale: factor, offset }, [x], name, called);
  }
}

function windowOf(kernel: Size, options: ConvolutionOptions): Record<string, JsonValue> {
  const { strides = 1, padding = 'valid', bias = true, activation = 'linear' } = options;
  return {
    kernel_size: typeof kernel === 'number' ? [kernel, kernel] : [...kernel],
    strides: [strides, strides],
    padding,
    use_bias: bias,
    activation,
  };
}

function poolingOf(window: number, { strides = window, padding = 'valid' }: PoolingOptions): RawConfig {
  return { pool_size: [window, window], strides: [strides, strides], padding };
}
