/** What the weights of Keras Applications are worth, and whose they are. */

const documentation = 'keras.io/api/applications';
const docstring = 'documentation of keras.applications in Keras 2.15';

/** Top-1 accuracy on ImageNet's validation images, in percent, as Keras publishes it. */
export const accuracies: ReadonlyMap<string, { readonly percent: number; readonly source: string }> = new Map(
  [
    ['xception', { percent: 79.0, source: documentation }],
    ['vgg16', { percent: 71.3, source: documentation }],
    ['vgg19', { percent: 71.3, source: documentation }],
    ['resnet50', { percent: 74.9, source: documentation }],
    ['resnet50-v2', { percent: 76.0, source: documentation }],
    ['resnet101', { percent: 76.4, source: documentation }],
    ['resnet101-v2', { percent: 77.2, source: documentation }],
    ['resnet152', { percent: 76.6, source: documentation }],
    ['resnet152-v2', { percent: 78.0, source: documentation }],
    ['inception-v3', { percent: 77.9, source: documentation }],
    ['inception-resnet-v2', { percent: 80.3, source: documentation }],
    ['mobilenet-1.0', { percent: 70.4, source: documentation }],
    ['mobilenet-v2-1.0', { percent: 71.3, source: documentation }],
    ['densenet121', { percent: 75.0, source: documentation }],
    ['densenet169', { percent: 76.2, source: documentation }],
    ['densenet201', { percent: 77.3, source: documentation }],
    ['nasnet-mobile', { percent: 74.4, source: documentation }],
    ['nasnet-large', { percent: 82.5, source: documentation }],
    ['efficientnet-b0', { percent: 77.1, source: documentation }],
    ['efficientnet-b1', { percent: 79.1, source: documentation }],
    ['efficientnet-b2', { percent: 80.1, source: documentation }],
    ['efficientnet-b3', { percent: 81.6, source: documentation }],
    ['efficientnet-b4', { percent: 82.9, source: documentation }],
    ['efficientnet-b5', { percent: 83.6, source: documentation }],
    ['efficientnet-b6', { percent: 84.0, source: documentation }],
    ['efficientnet-b7', { percent: 84.3, source: documentation }],
    ['efficientnet-v2-b0', { percent: 78.7, source: documentation }],
    ['efficientnet-v2-b1', { percent: 79.8, source: documentation }],
    ['efficientnet-v2-b2', { percent: 80.5, source: documentation }],
    ['efficientnet-v2-b3', { percent: 82.0, source: documentation }],
    ['efficientnet-v2-s', { percent: 83.9, source: documentation }],
    ['efficientnet-v2-m', { percent: 85.3, source: documentation }],
    ['efficientnet-v2-l', { percent: 85.7, source: documentation }],
    ['convnext-tiny', { percent: 81.3, source: documentation }],
    ['convnext-small', { percent: 82.3, source: documentation }],
    ['convnext-base', { percent: 85.3, source: documentation }],
    ['convnext-large', { percent: 86.3, source: documentation }],
    ['convnext-xlarge', { percent: 86.7, source: documentation }],
    ['mobilenet-0.25', { percent: 50.6, source: docstring }],
    ['mobilenet-0.5', { percent: 63.7, source: docstring }],
    ['mobilenet-0.75', { percent: 68.4, source: docstring }],
    ['mobilenet-v2-0.35', { percent: 60.3, source: docstring }],
    ['mobilenet-v2-0.5', { percent: 65.4, source: docstring }],
    ['mobilenet-v2-0.75', { percent: 69.8, source: docstring }],
    ['mobilenet-v2-1.3', { percent: 74.4, source: docstring }],
    ['mobilenet-v2-1.4', { percent: 75.0, source: docstring }],
    ['mobilenet-v3-large-1.0', { percent: 75.6, source: docstring }],
    ['mobilenet-v3-large-0.75', { percent: 73.3, source: docstring }],
    ['mobilenet-v3-large-minimalistic', { percent: 72.3, source: docstring }],
    ['mobilenet-v3-small-1.0', { percent: 68.1, source: docstring }],
    ['mobilenet-v3-small-0.75', { percent: 65.4, source: docstring }],
    ['mobilenet-v3-small-minimalistic', { percent: 61.9, source: docstring }],
  ],
);

/**
 * Under which licence the authors of a family released its weights, and who says so: the documentation of Keras
 * Applications (its licence paragraphs in Keras 2.2 and 2.3), or else the repository the weights were ported from.
 */
export const licences: ReadonlyMap<string, string> = new Map([
  // Keras Applications, documentation.
  ['Xception', 'MIT (François Chollet)'],
  ['VGG', 'CC BY 4.0 (VGG, Oxford)'],
  ['ResNet', 'MIT (Kaiming He)'],
  ['ResNet V2', 'BSD (Facebook, fb.resnet.torch)'],
  ['Inception', 'Apache-2.0 (tensorflow/models)'],
  ['MobileNet', 'Apache-2.0 (tensorflow/models)'],
  ['MobileNetV2', 'Apache-2.0 (tensorflow/models)'],
  ['DenseNet', 'BSD-3-Clause (Zhuang Liu)'],
  ['NASNet', 'Apache-2.0 (tensorflow/models)'],
  // Repositories.
  ['MobileNetV3', 'Apache-2.0 (tensorflow/models)'],
  ['EfficientNet', 'Apache-2.0 (tensorflow/tpu)'],
  ['EfficientNetV2', 'Apache-2.0 (google/automl)'],
  ['ConvNeXt', 'MIT (facebookresearch/ConvNeXt)'],
  ['SqueezeNet', 'MIT (Jesper Wohlert)'],
]);
