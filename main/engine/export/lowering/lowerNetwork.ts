import type { Layer, Network, Preprocess } from '../../../../shared/domain/network.ts';
import { ownerOf } from '../../../../shared/domain/network.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../../network/index.ts';
import { weightKey } from '../../network/index.ts';
import * as activations from './activations.ts';
import { LoweringBuilder } from './builder.ts';
import * as convolutions from './convolutions.ts';
import type { LoweredGraph, NodeId } from './graph.ts';
import type { LowerLayer, Lowering } from './lowering.ts';
import * as normalizations from './normalizations.ts';
import { lowerGlobal, lowerPooling } from './poolings.ts';
import { lowerPreprocess } from './preprocessing.ts';
import * as shapings from './shapings.ts';

const lowerings: ReadonlyMap<string, LowerLayer> = new Map<string, LowerLayer>([
  ['Conv2D', convolutions.lowerConv2d],
  ['DepthwiseConv2D', convolutions.lowerDepthwise],
  ['SeparableConv2D', convolutions.lowerSeparable],
  ['Conv2DTranspose', convolutions.lowerTransposed],
  ['Dense', convolutions.lowerDense],
  ['BatchNormalization', normalizations.lowerBatchNormalization],
  ['LayerNormalization', normalizations.lowerLayerNormalization],
  ['GroupNormalization', normalizations.lowerGroupNormalization],
  ['UnitNormalization', normalizations.lowerUnitNormalization],
  ['LayerScale', normalizations.lowerLayerScale],
  ['Normalization', normalizations.lowerNormalization],
  ['Rescaling', normalizations.lowerRescaling],
  ['Activation', activations.lowerActivationLayer],
  ['Softmax', ({ graph, input }) => graph.unary('softmax', input())],
  ['ReLU', activations.lowerRelu],
  ['LeakyReLU', activations.lowerLeakyRelu],
  ['ELU', activations.lowerElu],
  ['PReLU', activations.lowerPrelu],
  ['Dropout', shapings.pass],
  ['SpatialDropout2D', shapings.pass],
  ['StochasticDepth', shapings.pass],
  ['MaxPooling2D', lowerPooling('maxPool')],
  ['AveragePooling2D', lowerPooling('averagePool')],
  ['GlobalAveragePooling2D', lowerGlobal('mean')],
  ['GlobalMaxPooling2D', lowerGlobal('max')],
  ['Add', shapings.lowerMerge('add')],
  ['Subtract', shapings.lowerMerge('subtract')],
  ['Multiply', shapings.lowerMerge('multiply')],
  ['Maximum', shapings.lowerMerge('maximum')],
  ['Minimum', shapings.lowerMerge('minimum')],
  ['Average', shapings.lowerAverage],
  ['CustomScaleLayer', shapings.lowerScaledSum],
  ['Concatenate', shapings.lowerConcatenate],
  ['Flatten', shapings.lowerReshape],
  ['Reshape', shapings.lowerReshape],
  ['Permute', shapings.lowerPermute],
  ['ZeroPadding2D', shapings.lowerZeroPadding],
  ['Cropping2D', shapings.lowerCropping],
  ['RepeatVector', shapings.lowerRepeatVector],
  ['UpSampling2D', shapings.lowerUpSampling],
  ['Resizing', shapings.lowerResampling],
  ['CenterCrop', shapings.lowerResampling],
  ['RandomCrop', shapings.lowerResampling],
]);

/** Whether a layer class can be written as operations. */
export function canLower(className: string): boolean {
  return className === 'InputLayer' || lowerings.has(className);
}

/**
 * A network in inference mode as operations, from an image of 0–255 to the network's output: scaling inside, batch
 * normalisation and activations folded into the layers before them where nothing else reads those.
 * Errors: engine-unsupported, naming the layer that has no form in operations.
 */
export function lowerNetwork(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  preprocess: Preprocess,
): Result<LoweredGraph> {
  const unwritable = network.layers.find(({ className }) => !canLower(className));
  if (unwritable !== undefined)
    return err(
      thawError('engine-unsupported', `Layer "${unwritable.name}" has no form in this format.`, {
        expected: [...lowerings.keys()].join(', '),
        found: unwritable.className,
      }),
    );
  const graph = new LoweringBuilder();
  const readers = new Map<string, number>([[network.output, 1]]);
  for (const { inputs } of network.layers)
    for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const values = new Map<string, NodeId>();
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  let image: NodeId = 0;
  for (const layer of network.layers) {
    graph.layer = layer.name;
    const lower = lowerings.get(layer.className);
    if (lower === undefined) {
      image = graph.add({ op: 'image' }, [], layer.outputShape);
      values.set(layer.name, lowerPreprocess(graph, preprocess, image));
    } else values.set(layer.name, lower(view(graph, layer, { readers, values, byName, weights })));
  }
  const output = values.get(network.output);
  if (output === undefined) throw new Error(`Network ${network.name} has no layer "${network.output}"`);
  return ok({ nodes: graph.nodes, image, output });
}

interface State {
  readonly readers: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, NodeId>;
  readonly byName: ReadonlyMap<string, Layer>;
  readonly weights: ReadonlyMap<string, WeightArray>;
}

function view(graph: LoweringBuilder, layer: Layer, state: State): Lowering {
  const at = (index = 0): Layer => {
    const input = state.byName.get(layer.inputs[index] ?? '');
    if (input === undefined) throw new Error(`Layer "${layer.name}" has no input ${index}`);
    return input;
  };
  const valueOf = (name: string): NodeId => {
    const value = state.values.get(name);
    if (value === undefined) throw new Error(`Layer "${name}" has no value yet`);
    return value;
  };
  return {
    graph,
    layer,
    input: (index) => valueOf(at(index).name),
    inputShape: (index) => at(index).outputShape,
    owns(index) {
      const value = valueOf(at(index).name);
      // A layer that passes its input on (dropout) shares its node with that input, which others may read.
      const sharers = [...state.values].filter(([, node]) => node === value).map(([name]) => name);
      return sharers.reduce((sum, name) => sum + (state.readers.get(name) ?? 0), 0) === sharers.length;
    },
    weight(name) {
      const key = weightKey(ownerOf(layer), name);
      const weight = state.weights.get(key);
      if (weight === undefined) throw new Error(`No weight ${key}`);
      return weight;
    },
  };
}
