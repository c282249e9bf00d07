import type { Layer, Network, Preprocess } from '../../../../shared/domain/network.ts';
import { ownerOf } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../weights/weights.ts';
import { weightKey } from '../weights/weights.ts';
import * as activations from './activations.ts';
import { emitConv2d, emitDense, emitDepthwise, emitSeparable, emitTransposed } from './convolutions.ts';
import type { Emission } from './emission.ts';
import { isImage, toChannelsFirst } from './emission.ts';
import type { WeightStorage } from './graphBuilder.ts';
import { GraphBuilder } from './graphBuilder.ts';
import * as normalizations from './normalizations.ts';
import * as poolings from './poolings.ts';
import { emitPreprocess } from './preprocessing.ts';
import * as shapings from './shapings.ts';

export interface OnnxOptions {
  /** Layers whose values the model gives, each under its layer's name. */
  readonly outputs: readonly string[];
  readonly preprocess: Preprocess;
  readonly inputType: 'uint8' | 'float32';
  /** Layers whose values are given instead of the image: float32 inputs called `givenName`, in Keras's layout. */
  readonly from?: readonly string[];
  /** How kernels are stored; float32 when not told. */
  readonly storage?: WeightStorage;
  /** Names for the outputs other than their layers', in the same order. */
  readonly outputNames?: readonly string[];
}

type Emitter = (emission: Emission) => string;

const emitters: ReadonlyMap<string, Emitter> = new Map<string, Emitter>([
  ['Conv2D', (emission) => emitConv2d(emission)],
  ['DepthwiseConv2D', (emission) => emitDepthwise(emission)],
  ['SeparableConv2D', (emission) => emitSeparable(emission)],
  ['Conv2DTranspose', emitTransposed],
  ['Dense', (emission) => emitDense(emission)],
  ['BatchNormalization', normalizations.emitBatchNormalization],
  ['LayerNormalization', normalizations.emitLayerNormalization],
  ['GroupNormalization', normalizations.emitGroupNormalization],
  ['UnitNormalization', normalizations.emitUnitNormalization],
  ['LayerScale', normalizations.emitLayerScale],
  ['Normalization', normalizations.emitNormalization],
  ['Rescaling', normalizations.emitRescaling],
  ['Activation', activations.emitActivationLayer],
  ['Softmax', activations.emitSoftmax],
  ['ReLU', activations.emitRelu],
  ['LeakyReLU', activations.emitLeakyRelu],
  ['ELU', activations.emitElu],
  ['PReLU', activations.emitPrelu],
  ['Dropout', (emission) => emission.input()],
  ['SpatialDropout2D', (emission) => emission.input()],
  ['StochasticDepth', (emission) => emission.input()],
  ['MaxPooling2D', poolings.emitMaxPooling],
  ['AveragePooling2D', poolings.emitAveragePooling],
  ['GlobalAveragePooling2D', poolings.emitGlobalAverage],
  ['GlobalMaxPooling2D', poolings.emitGlobalMax],
  ['Add', shapings.emitMerge('Add')],
  ['Subtract', shapings.emitMerge('Sub')],
  ['Multiply', shapings.emitMerge('Mul')],
  ['Maximum', shapings.emitMerge('Max')],
  ['Minimum', shapings.emitMerge('Min')],
  ['Average', shapings.emitAverage],
  ['Concatenate', shapings.emitConcatenate],
  ['CustomScaleLayer', shapings.emitScaledSum],
  ['Flatten', shapings.emitReshape],
  ['Reshape', shapings.emitReshape],
  ['Permute', shapings.emitPermute],
  ['ZeroPadding2D', shapings.emitZeroPadding],
  ['Cropping2D', shapings.emitCropping],
  ['RepeatVector', shapings.emitRepeatVector],
  ['UpSampling2D', shapings.emitUpSampling],
  ['Resizing', shapings.emitResampling],
  ['CenterCrop', shapings.emitResampling],
  ['RandomCrop', shapings.emitResampling],
]);

/**
 * Writes a network in inference mode as an ONNX model. Input `image`: [N, height, width, 3], RGB, 0–255, of any N;
 * preprocessing is inside, batch normalisation folded where it can be. Outputs have Keras's layout: [N, h, w, c] or
 * [N, features]. Only the layers the outputs need are written.
 * Errors: engine-unsupported for a layer without an ONNX form.
 */
export function writeOnnx(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  options: OnnxOptions,
): Result<Uint8Array> {
  const unwritable = network.layers.find(
    ({ name, className }) =>
      className !== 'InputLayer' && !emitters.has(className) && options.from?.includes(name) !== true,
  );
  if (unwritable !== undefined)
    return err(
      thawError('engine-unsupported', `Layer "${unwritable.name}" cannot be written to ONNX.`, {
        found: unwritable.className,
      }),
    );
  const graph = new GraphBuilder(options.storage);
  const values = new Values(network, weights, options, graph);
  for (const [index, layerName] of options.outputs.entries()) {
    const layer = values.layer(layerName);
    const value = values.of(layerName);
    const name = options.outputNames?.[index] ?? layerName;
    if (isImage(layer.outputShape)) graph.node('Transpose', [value], { perm: [0, 2, 3, 1] }, name);
    else graph.node('Identity', [value], {}, name);
    graph.output(name, ['N', ...layer.outputShape]);
  }
  return ok(graph.encode(network.name));
}

/**
 * Adds the layers between one whose value is in the graph already and the output; answers the name of the output's value.
 * Values of images are channels first.
 */
export function emitBehind(
  graph: GraphBuilder,
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  from: { readonly layer: string; readonly value: string },
): string {
  const options = { outputs: [network.output], preprocess: 'none', inputType: 'float32' } as const;
  const given = new Map([[from.layer, from.value]]);
  return new Values(network, weights, options, graph, given).of(network.output);
}

/** The input that gives a layer's value, see `OnnxOptions.from`. */
export function givenName(layer: string): string {
  return `given ${layer}`;
}

/** Layer values by name, each written when first wanted. */
class Values {
  readonly #layers: ReadonlyMap<string, Layer>;
  readonly #readers = new Map<string, number>();
  readonly #written: Map<string, string>;

  constructor(
    network: Network,
    readonly weights: ReadonlyMap<string, WeightArray>,
    readonly options: OnnxOptions,
    readonly graph: GraphBuilder,
    given: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#written = new Map(given);
    this.#layers = new Map(network.layers.map((layer) => [layer.name, layer]));
    for (const { inputs } of network.layers)
      for (const input of inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
  }

  layer(name: string): Layer {
    const layer = this.#layers.get(name);
    if (layer === undefined) throw new Error(`There is no layer "${name}"`);
    return layer;
  }

  of(name: string): string {
    const written = this.#written.get(name);
    if (written !== undefined) return written;
    const layer = this.layer(name);
    const emit = emitters.get(layer.className);
    const isGiven = this.options.from?.includes(name) === true;
    const value = isGiven
      ? this.#given(layer)
      : emit === undefined
        ? this.#image(layer)
        : emit(this.#emission(layer));
    this.#written.set(name, value);
    return value;
  }

  #image(layer: Layer): string {
    const { graph, options } = this;
    const input = graph.input('image', options.inputType, ['N', ...layer.outputShape]);
    const numbers = options.inputType === 'float32' ? input : graph.node('Cast', [input], { to: 1 });
    return emitPreprocess(graph, options.preprocess, toChannelsFirst(graph, numbers));
  }

  #given({ name, outputShape }: Layer): string {
    const input = this.graph.input(givenName(name), 'float32', ['N', ...outputShape]);
    return isImage(outputShape) ? toChannelsFirst(this.graph, input) : input;
  }

  #emission(layer: Layer): Emission {
    const inputAt = (index = 0): Layer => this.layer(layer.inputs[index] ?? '');
    return {
      graph: this.graph,
      layer,
      input: (index) => this.of(inputAt(index).name),
      inputShape: (index) => inputAt(index).outputShape,
      ownInput: (index) => {
        const before = inputAt(index);
        const { outputs, from = [] } = this.options;
        const wanted = [...outputs, ...from].includes(before.name) || this.#written.has(before.name);
        return wanted || this.#readers.get(before.name) !== 1 ? null : before;
      },
      inside: (before) => this.#emission(before),
      weight: (name) => {
        const key = weightKey(ownerOf(layer), name);
        const weight = this.weights.get(key);
        if (weight === undefined) throw new Error(`No weight ${key}`);
        return weight;
      },
    };
  }
}
