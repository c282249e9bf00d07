import type { Case, Config } from './makeCase.ts';
import { layer, makeCase } from './makeCase.ts';

const twice: Config = { filters: 3, kernel_size: [3, 3], padding: 'same', activation: 'hard_sigmoid' };

/** Layers together, as networks have them. */
export const networkCases: Case[] = [
  ...(
    [
      ['Conv2D', { filters: 4, kernel_size: [3, 3], padding: 'same', use_bias: false }],
      ['Conv2D', { filters: 4, kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }],
      ['DepthwiseConv2D', { kernel_size: [3, 3], depth_multiplier: 2, padding: 'same' }],
      ['SeparableConv2D', { filters: 5, kernel_size: [3, 3], padding: 'same', use_bias: false }],
    ] as const
  ).map(([className, config]) =>
    makeCase(`${className} ${JSON.stringify(config)}, normalised by stored statistics`, [
      layer(className, config as unknown as Config, ['input'], 'convolution'),
      layer('BatchNormalization', { epsilon: 0.01 }, ['convolution'], 'normalized'),
      layer('ReLU', { max_value: 6 }, ['normalized']),
    ]),
  ),
  makeCase('squeeze and excite', [
    layer('GlobalAveragePooling2D', { keepdims: true }, ['input'], 'squeeze'),
    layer('Conv2D', { filters: 3, kernel_size: 1, activation: 'sigmoid' }, ['squeeze'], 'excite'),
    layer('Multiply', {}, ['input', 'excite']),
  ]),
  makeCase('squeeze and excite with a reshape', [
    layer('GlobalAveragePooling2D', {}, ['input'], 'squeeze'),
    layer('Reshape', { target_shape: [1, 1, 3] }, ['squeeze'], 'reshape'),
    layer('Conv2D', { filters: 2, kernel_size: 1, activation: 'swish' }, ['reshape'], 'reduce'),
    layer('Conv2D', { filters: 3, kernel_size: 1, activation: 'sigmoid' }, ['reduce'], 'expand'),
    layer('Multiply', {}, ['input', 'expand']),
  ]),
  makeCase('hard swish as MobileNetV3 writes it', [
    layer('Rescaling', { scale: 1, offset: 3 }, ['input'], 'shifted'),
    layer('ReLU', { max_value: 6 }, ['shifted'], 'bounded'),
    layer('Rescaling', { scale: 1 / 6, offset: 0 }, ['bounded'], 'scaled'),
    layer('Multiply', {}, ['input', 'scaled']),
  ]),
  makeCase('a ConvNeXt block', [
    layer('Conv2D', { filters: 3, kernel_size: 7, padding: 'same', groups: 3 }, ['input'], 'depthwise'),
    layer('LayerNormalization', { axis: [3], epsilon: 1e-6 }, ['depthwise'], 'norm'),
    layer('Dense', { units: 12 }, ['norm'], 'wide'),
    layer('Activation', { activation: 'gelu' }, ['wide'], 'gelu'),
    layer('Dense', { units: 3 }, ['gelu'], 'narrow'),
    layer('LayerScale', { init_values: 1, projection_dim: 3 }, ['narrow'], 'scale'),
    layer('Add', {}, ['input', 'scale']),
  ]),
  makeCase('layers whose names have slashes, one of them another layer’s name but for that', [
    layer('Conv2D', { filters: 3, kernel_size: 1 }, ['input'], 'stem/conv'),
    layer('SeparableConv2D', { filters: 3, kernel_size: 1 }, ['stem/conv'], 'stem_conv'),
    layer('PReLU', { shared_axes: [1, 2] }, ['stem_conv'], 'stem/activation'),
    layer('Add', {}, ['stem/conv', 'stem/activation']),
  ]),
  makeCase('one convolution called twice', [
    layer('Conv2D', twice, ['input'], 'once'),
    { ...layer('Conv2D', twice, ['once'], 'again'), sharedWith: 'once' },
    layer('Add', {}, ['once', 'again']),
  ]),
  makeCase('one normalisation called twice, inside stored statistics', [
    layer('BatchNormalization', { epsilon: 0.01 }, ['input'], 'once'),
    layer('ReLU', {}, ['once'], 'between'),
    { ...layer('BatchNormalization', { epsilon: 0.01 }, ['between'], 'again'), sharedWith: 'once' },
    layer('Add', {}, ['once', 'again']),
  ]),
  makeCase(
    'one normalisation called twice, training: its statistics move twice',
    [
      layer('BatchNormalization', { momentum: 0.8 }, ['input'], 'once'),
      layer('Rescaling', { scale: 3, offset: 2 }, ['input'], 'other'),
      { ...layer('BatchNormalization', { momentum: 0.8 }, ['other'], 'again'), sharedWith: 'once' },
      layer('Multiply', {}, ['once', 'again']),
    ],
    undefined,
    true,
  ),
];
