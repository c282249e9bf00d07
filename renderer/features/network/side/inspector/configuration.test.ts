import { expect, it, vi } from 'vitest';
import { configurationOf } from './configuration.ts';

// The texts are chosen by the browser's language.
vi.hoisted(() => {
  vi.stubGlobal('navigator', { languages: ['en'] });
});

const told = (type: string, config: Parameters<typeof configurationOf>[1]) =>
  Object.fromEntries(configurationOf(type, config).map(({ name, value }) => [name, value]));

it('tells a convolution’s settings in words, and leaves out what is as usual', () => {
  expect(
    told('Conv2D', {
      filters: 96,
      kernel_size: [3, 3],
      strides: [2, 2],
      padding: 'same',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      groups: 1,
      activation: 'linear',
      use_bias: false,
    }),
  ).toEqual({
    Filters: '96',
    Kernel: '3 × 3',
    Stride: '2 × 2: the output is smaller by as much',
    Padding: 'zeros around the edges (same)',
    Activation: 'none',
    Bias: 'no',
  });
  expect(told('Conv2D', { dilation_rate: [2, 2], strides: [1, 1] })).toEqual({
    Dilation: '2 × 2',
    Stride: '1 × 1: every position',
  });
});

it('knows the settings of other layers, whatever way Keras writes them', () => {
  expect(
    told('ZeroPadding2D', {
      padding: [
        [0, 1],
        [2, 3],
      ],
    }),
  ).toEqual({
    Padding: '0 above, 1 below, 2 left, 3 right',
  });
  expect(told('ZeroPadding2D', { padding: [1, 2] })).toEqual({
    Padding: '1 above, 1 below, 2 left, 2 right',
  });
  expect(told('ReLU', { max_value: 6, negative_slope: 0, threshold: 0 })).toEqual({ 'Highest value': '6' });
  expect(told('Dropout', { rate: 0.2, noise_shape: null })).toEqual({
    Drops: '20.0 % of the values while training',
  });
  expect(
    told('BatchNormalization', { axis: [3], momentum: 0.999, epsilon: 0.001, center: true, scale: false }),
  ).toEqual({
    Axis: '3',
    'Statistics keep': '99.9 % at each step',
    'Added to the variance': '0.001',
    'Shift (beta)': 'yes',
    'Scale (gamma)': 'no',
  });
  expect(told('Rescaling', { scale: 1 / 255, offset: -1 })).toEqual({
    'Multiplies by': '0.00392157',
    'Then adds': '-1',
  });
  // Without words of ours, in Keras's.
  expect(told('LayerScale', { init_values: 1e-6, projection_dim: 96 })).toEqual({
    'init values': '0.000001',
    'projection dim': '96',
  });
});
