import type { Layer, Network, Preprocess } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../../network/index.ts';
import { weightKey } from '../../network/index.ts';
import * as activations from './activations.ts';
import * as convolutions from './convolutions.ts';
import * as normalizations from './normalizations.ts';
import { inputName, layerNames } from './layerNames.ts';
import { addPreprocess } from './preprocessing.ts';
import { resampling } from './resampling.ts';
import * as shapings from './shapings.ts';
import type { Dialect, Rewrite, Rewriting, StandardLayer, ValueReference } from './standardLayers.ts';
import { StandardBuilder } from './standardLayers.ts';

const rewrites: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['Conv2D', convolutions.conv2d],
  ['DepthwiseConv2D', convolutions.depthwise],
  ['SeparableConv2D', convolutions.separable],
  ['Conv2DTranspose', convolutions.transposed],
  ['Dense', convolutions.dense],
  ['BatchNormalization', normalizations.batchNormalization],
  ['LayerNormalization', normalizations.layerNormalization],
  ['GroupNormalization', normalizations.groupNormalization],
  ['UnitNormalization', normalizations.unitNormalization],
  ['LayerScale', normalizations.layerScale],
  ['Normalization', normalizations.normalization],
  ['Rescaling', normalizations.rescaling],
  ['CustomScaleLayer', normalizations.scaledSum],
  ['Activation', activations.activation],
  ['Softmax', shapings.softmax],
  ['ReLU', activations.relu],
  ['LeakyReLU', activations.leakyRelu],
  ['ELU', activations.elu],
  ['PReLU', activations.prelu],
  ['Dropout', shapings.dropout],
  ['SpatialDropout2D', shapings.spatialDropout],
  ['StochasticDepth', shapings.stochasticDepth],
  ['MaxPooling2D', shapings.pooling],
  ['AveragePooling2D', shapings.pooling],
  ['GlobalAveragePooling2D', shapings.globalPooling],
  ['GlobalMaxPooling2D', shapings.globalPooling],
  ['Add', shapings.merge],
  ['Subtract', shapings.subtract],
  ['Multiply', shapings.merge],
  ['Average', shapings.merge],
  ['Maximum', shapings.merge],
  ['Minimum', shapings.merge],
  ['Concatenate', shapings.concatenate],
  ['Flatten', shapings.flatten],
  ['Reshape', shapings.reshape],
  ['Permute', shapings.permute],
  ['ZeroPadding2D', shapings.zeroPadding],
  ['Cropping2D', shapings.cropping],
  ['RepeatVector', shapings.repeatVector],
  ['UpSampling2D', resampling],
  ['Resizing', resampling],
  ['CenterCrop', resampling],
  ['RandomCrop', resampling],
]);

/** Whether a layer class has a form in standard layers. */
export function canStandardize(className: string): boolean {
  return className === 'InputLayer' || rewrites.has(className);
}

export interface StandardModel {
  readonly name: string;
  readonly inputShape: readonly [number, number, number];
  /** In topological order of their first calls, the input layer `image` first. */
  readonly layers: readonly StandardLayer[];
  /** Which call of which layer gives each value. */
  readonly values: ReadonlyMap<string, ValueReference>;
  /** The name of the value that is the output. */
  readonly output: string;
}

/**
 * The network in layers that any reader of the format knows, from `image` (0–255, scaling inside) to its output. Layers
 * keep their names where the format takes them, weights their order; layers that share weights become calls of one.
 * Errors: engine-unsupported, naming the layer and why it has no such form.
 */
export function standardize(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  preprocess: Preprocess,
  dialect: Dialect,
): Result<StandardModel> {
  const [inputLayer] = network.layers;
  if (inputLayer === undefined) throw new Error(`Network ${network.name} is empty`);
  const others = network.layers.slice(1);
  /** The name of the standard value that is each layer's. */
  const names = new Map(layerNames(network, dialect));
  const builder = new StandardBuilder([...names.values(), inputName]);
  builder.add(
    {
      name: inputName,
      className: 'InputLayer',
      config: { batch_input_shape: [null, ...network.inputShape], dtype: 'float32', sparse: false },
      weights: [],
      trainable: false,
    },
    [],
  );
  names.set(inputLayer.name, addPreprocess(builder, dialect, preprocess, inputName));
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  const state = { names, byName, weights, made: new Map<string, string[]>() };
  for (const layer of others) {
    const rewrite = rewrites.get(layer.className);
    const problem =
      rewrite === undefined
        ? `${dialect === 'keras' ? 'Keras' : 'TensorFlow.js'} has no form of ${layer.className}`
        : rewrite(rewriting(builder, dialect, layer, state));
    if (problem !== null)
      return err(
        thawError(
          'engine-unsupported',
          `Layer "${layer.name}" cannot be written in this format: ${problem}.`,
          {
            found: layer.className,
            remedy: 'Export it as SavedModel, ONNX or TensorFlow Lite, which are made of operations.',
          },
        ),
      );
  }
  const output = names.get(network.output) ?? network.output;
  const { layers, values } = builder;
  return ok({ name: network.name, inputShape: network.inputShape, layers, values, output });
}

interface State {
  readonly names: Map<string, string>;
  /** The standard layers that each layer of ours became, in order. */
  readonly made: Map<string, string[]>;
  readonly byName: ReadonlyMap<string, Layer>;
  readonly weights: ReadonlyMap<string, WeightArray>;
}

function rewriting(builder: StandardBuilder, dialect: Dialect, layer: Layer, state: State): Rewriting {
  const { sharedWith } = layer;
  const owner = sharedWith === undefined ? layer : (state.byName.get(sharedWith) ?? layer);
  const trainable = owner.config['trainable'] !== false;
  const nameOf = (name: string): string => state.names.get(name) ?? name;
  const weight = (name: string): WeightArray => {
    const key = weightKey(owner.name, name);
    const value = state.weights.get(key);
    if (value === undefined) throw new Error(`No weight ${key}`);
    return value;
  };
  const made: string[] = [];
  const ofOwner = state.made.get(owner.name) ?? [];
  state.made.set(layer.name, made);
  /** Where weights are shared, the layers that the owner became are called once more, one after the other. */
  const put =
    (name: () => string): Rewriting['step'] =>
    (className, config, inputs, weights = []) => {
      const again = sharedWith === undefined ? undefined : ofOwner[made.length];
      made.push(again ?? name());
      const own = made.at(-1) ?? '';
      if (again !== undefined) return builder.callAgain(again, inputs);
      return builder.add({ name: own, className, config, weights, trainable }, inputs);
    };
  const last = put(() => nameOf(layer.name));
  return {
    dialect,
    layer,
    input: (index = 0) => nameOf(layer.inputs[index] ?? ''),
    inputShape: (index = 0) => state.byName.get(layer.inputs[index] ?? '')?.outputShape ?? [],
    weight,
    weights: () => owner.weights.map(({ name }) => ({ name, value: weight(name) })),
    step: put(() => builder.free(`${nameOf(layer.name)}_${builder.layers.length}`)),
    last(...args) {
      state.names.set(layer.name, last(...args));
    },
  };
}
