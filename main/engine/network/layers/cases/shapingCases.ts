import type { Case } from './makeCase.ts';
import { layer, makeCase, one, onVector, merge } from './makeCase.ts';

/** Poolings, merges and changes of shape. */
export const shapingCases: Case[] = [
  one('MaxPooling2D', { pool_size: [2, 2], padding: 'valid' }),
  one('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  makeCase('MaxPooling2D of a border of zeros around negative values', [
    layer('Rescaling', { scale: 1, offset: -20 }, ['input'], 'negative'),
    layer('ZeroPadding2D', { padding: [1, 1] }, ['negative'], 'padded'),
    layer('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2] }, ['padded']),
  ]),
  one('AveragePooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [3, 3], strides: [1, 1], padding: 'same' }),
  one('AveragePooling2D', { pool_size: [1, 1], strides: [2, 2], padding: 'valid' }),
  one('AveragePooling2D', { pool_size: [2, 3], strides: [1, 2], padding: 'valid' }),
  one('GlobalAveragePooling2D'),
  one('GlobalAveragePooling2D', { keepdims: true }),
  one('GlobalMaxPooling2D', { keepdims: true }),
  makeCase('GlobalMaxPooling2D with ties', [
    layer('ReLU', { max_value: 0.5 }, ['input'], 'tied'),
    layer('GlobalMaxPooling2D', {}, ['tied']),
  ]),
  merge('Add'),
  merge('Subtract'),
  merge('Multiply'),
  merge('Average'),
  merge('Maximum'),
  merge('CustomScaleLayer', { scale: 0.17 }),
  merge('Concatenate', { axis: -1 }),
  merge('Concatenate', { axis: 1 }),
  one('Flatten'),
  one('Reshape', { target_shape: [3, -1] }),
  one('Permute', { dims: [3, 1, 2] }),
  one('ZeroPadding2D', {
    padding: [
      [0, 1],
      [2, 0],
    ],
  }),
  one('Cropping2D', {
    cropping: [
      [1, 2],
      [0, 1],
    ],
  }),
  one('UpSampling2D', { size: [2, 3], interpolation: 'nearest' }),
  merge('Minimum'),
  onVector('RepeatVector', { n: 3 }),
  one('UpSampling2D', { size: [2, 3], interpolation: 'bilinear' }),
  one('Resizing', { height: 5, width: 9 }),
  one('Resizing', { height: 10, width: 4, interpolation: 'nearest' }),
  one('Resizing', { height: 6, width: 6, crop_to_aspect_ratio: true }, [9, 6, 3]),
  one('CenterCrop', { height: 4, width: 3 }),
  one('CenterCrop', { height: 9, width: 5 }),
  one('RandomCrop', { height: 4, width: 5 }),
];
