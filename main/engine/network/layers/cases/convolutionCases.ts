import type { Case } from './makeCase.ts';
import { layer, makeCase, one, onVector } from './makeCase.ts';

/** Convolutions and dense layers. */
export const convolutionCases: Case[] = [
  one('Conv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu' }),
  one('Conv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same' }, [8, 5, 3]),
  one('Conv2D', { filters: 4, kernel_size: [3, 2], padding: 'valid', use_bias: false, activation: 'relu6' }),
  one('Conv2D', { filters: 2, kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }),
  one('Conv2D', { filters: 2, kernel_size: [3, 2], dilation_rate: [2, 3] }),
  one('Conv2D', { filters: 6, kernel_size: [5, 3], padding: 'same', groups: 3, activation: 'relu' }),
  makeCase('Conv2D in two groups of channels', [
    layer('Conv2D', { filters: 4, kernel_size: 1 }, ['input'], 'four'),
    layer('Conv2D', { filters: 6, kernel_size: [3, 3], strides: [2, 2], groups: 2 }, ['four']),
  ]),
  one('DepthwiseConv2D', { kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('DepthwiseConv2D', { kernel_size: [3, 3], depth_multiplier: 2, padding: 'valid', use_bias: false }),
  one('DepthwiseConv2D', { kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] }),
  one('SeparableConv2D', {
    filters: 5,
    kernel_size: [3, 3],
    padding: 'same',
    depth_multiplier: 2,
    activation: 'tanh',
  }),
  one('SeparableConv2D', {
    filters: 4,
    kernel_size: [5, 5],
    strides: [2, 2],
    padding: 'valid',
    use_bias: false,
  }),
  one('SeparableConv2D', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  onVector('Dense', { units: 4, activation: 'softmax' }),
  one('Dense', { units: 4, use_bias: false }),
  one('Conv2DTranspose', { filters: 4, kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('Conv2DTranspose', { filters: 2, kernel_size: [3, 2], strides: [2, 3], activation: 'relu' }),
  one('Conv2DTranspose', { filters: 2, kernel_size: [1, 2], strides: [2, 2], use_bias: false }),
  one('Conv2DTranspose', { filters: 3, kernel_size: [4, 3], padding: 'same' }),
  one(
    'Conv2DTranspose',
    { filters: 2, kernel_size: [3, 3], padding: 'same', dilation_rate: [2, 2] },
    [9, 8, 3],
  ),
  one('Conv2DTranspose', {
    filters: 2,
    kernel_size: [3, 3],
    strides: [3, 2],
    padding: 'same',
    output_padding: [0, 1],
  }),
  one('Conv2DTranspose', { filters: 2, kernel_size: [3, 3], strides: [2, 2], output_padding: [1, 0] }),
];
