import * as activations from './activationLayers.ts';
import * as convolution from './convolution.ts';
import { dense } from './dense.ts';
import { graphFeatures, graphFeaturesClass } from './graphFeatures.ts';
import type { LayerKind } from './layerKind.ts';
import { layerNormalization, layerScale } from './layerNormalization.ts';
import * as merging from './merging.ts';
import * as normalization from './normalization.ts';
import * as pooling from './pooling.ts';
import * as shaping from './shaping.ts';

/** Every Keras class the engine computes, by class name. */
const kinds: ReadonlyMap<string, LayerKind> = new Map([
  ['InputLayer', shaping.inputLayer],
  ['Conv2D', convolution.conv2d],
  ['DepthwiseConv2D', convolution.depthwiseConv2d],
  ['SeparableConv2D', convolution.separableConv2d],
  ['Dense', dense],
  ['BatchNormalization', normalization.batchNormalization],
  ['LayerNormalization', layerNormalization],
  ['LayerScale', layerScale],
  ['Normalization', normalization.normalization],
  ['Rescaling', normalization.rescaling],
  ['Activation', activations.activation],
  ['Softmax', activations.softmax],
  ['ReLU', activations.relu],
  ['LeakyReLU', activations.leakyRelu],
  ['Dropout', activations.dropout],
  ['SpatialDropout2D', activations.spatialDropout2d],
  ['StochasticDepth', activations.stochasticDepth],
  ['MaxPooling2D', pooling.maxPooling2d],
  ['AveragePooling2D', pooling.averagePooling2d],
  ['GlobalAveragePooling2D', pooling.globalAveragePooling2d],
  ['GlobalMaxPooling2D', pooling.globalMaxPooling2d],
  ['Add', merging.add],
  ['Subtract', merging.subtract],
  ['Multiply', merging.multiply],
  ['Average', merging.average],
  ['Maximum', merging.maximum],
  ['Concatenate', merging.concatenate],
  ['CustomScaleLayer', merging.scaledSum],
  ['Flatten', shaping.flatten],
  ['Reshape', shaping.reshape],
  ['Permute', shaping.permute],
  ['ZeroPadding2D', shaping.zeroPadding2d],
  ['Cropping2D', shaping.cropping2d],
  ['UpSampling2D', shaping.upSampling2d],
  [graphFeaturesClass, graphFeatures],
]);

export function layerKindOf(className: string): LayerKind | undefined {
  return kinds.get(className);
}

/** The class names, for messages. */
export const supportedClasses: readonly string[] = [...kinds.keys()].filter(
  (name) => name !== graphFeaturesClass,
);
