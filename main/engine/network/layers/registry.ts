import * as activations from './activation/activationLayers.ts';
import * as dropouts from './activation/dropouts.ts';
import * as convolution from './convolution/convolution.ts';
import { conv2dTranspose } from './convolution/transposed.ts';
import { dense } from './dense.ts';
import { graphFeatures, graphFeaturesClass } from './graphFeatures.ts';
import type { LayerKind } from './layerKind.ts';
import { layerNormalization, layerScale } from './normalization/layerNormalization.ts';
import * as merging from './merging.ts';
import { groupNormalization, unitNormalization } from './normalization/groupNormalization.ts';
import * as normalization from './normalization/normalization.ts';
import * as pooling from './pooling.ts';
import * as resampling from './resampling/resampling.ts';
import * as shaping from './shaping.ts';

/** Every Keras class the engine computes, by class name. */
const kinds: ReadonlyMap<string, LayerKind> = new Map([
  ['InputLayer', shaping.inputLayer],
  ['Conv2D', convolution.conv2d],
  ['DepthwiseConv2D', convolution.depthwiseConv2d],
  ['SeparableConv2D', convolution.separableConv2d],
  ['Conv2DTranspose', conv2dTranspose],
  ['Dense', dense],
  ['BatchNormalization', normalization.batchNormalization],
  ['LayerNormalization', layerNormalization],
  ['GroupNormalization', groupNormalization],
  ['UnitNormalization', unitNormalization],
  ['LayerScale', layerScale],
  ['Normalization', normalization.normalization],
  ['Rescaling', normalization.rescaling],
  ['Activation', activations.activation],
  ['Softmax', activations.softmax],
  ['ReLU', activations.relu],
  ['LeakyReLU', activations.leakyRelu],
  ['ELU', activations.elu],
  ['PReLU', activations.prelu],
  ['Dropout', dropouts.dropout],
  ['SpatialDropout2D', dropouts.spatialDropout2d],
  ['StochasticDepth', dropouts.stochasticDepth],
  ['MaxPooling2D', pooling.maxPooling2d],
  ['AveragePooling2D', pooling.averagePooling2d],
  ['GlobalAveragePooling2D', pooling.globalAveragePooling2d],
  ['GlobalMaxPooling2D', pooling.globalMaxPooling2d],
  ['Add', merging.add],
  ['Subtract', merging.subtract],
  ['Multiply', merging.multiply],
  ['Average', merging.average],
  ['Maximum', merging.maximum],
  ['Minimum', merging.minimum],
  ['Concatenate', merging.concatenate],
  ['CustomScaleLayer', merging.scaledSum],
  ['Flatten', shaping.flatten],
  ['Reshape', shaping.reshape],
  ['Permute', shaping.permute],
  ['ZeroPadding2D', shaping.zeroPadding2d],
  ['Cropping2D', shaping.cropping2d],
  ['RepeatVector', shaping.repeatVector],
  ['UpSampling2D', resampling.upSampling2d],
  ['Resizing', resampling.resizing],
  ['CenterCrop', resampling.centerCrop],
  ['RandomCrop', resampling.randomCrop],
  [graphFeaturesClass, graphFeatures],
]);

export function layerKindOf(className: string): LayerKind | undefined {
  return kinds.get(className);
}

/** The class names, for messages. */
export const supportedClasses: readonly string[] = [...kinds.keys()].filter(
  (name) => name !== graphFeaturesClass,
);
