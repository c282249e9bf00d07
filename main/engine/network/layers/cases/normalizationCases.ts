import type { Case, Config } from './makeCase.ts';
import { layer, makeCase, one, onVector } from './makeCase.ts';

const onSixChannels = (className: string, config: Config): Case =>
  makeCase(
    `${className} ${JSON.stringify(config)} on six channels`,
    [
      layer('Conv2D', { filters: 6, kernel_size: 1, use_bias: false }, ['input'], 'six'),
      layer(className, config, ['six']),
    ],
    [4, 3, 3],
  );

/** Normalisations and fixed scalings. */
export const normalizationCases: Case[] = [
  ...['BatchNormalization'].flatMap((name) => [
    one(name, { epsilon: 0.01 }),
    one(name, { scale: false, center: false }),
    one(name, { momentum: 0.9 }, undefined, true),
    one(name, { momentum: 0.9, scale: false }, undefined, true),
    one(name, { momentum: 0.9, center: false, axis: [3] }, undefined, true),
    // Two values a feature: with a small epsilon the input's gradient would be nothing but rounding.
    onVector(name, { momentum: 0.8, epsilon: 0.5 }, true),
  ]),
  one('LayerNormalization', { epsilon: 1e-6 }),
  one('LayerNormalization', { axis: [3], epsilon: 0.01, center: false }),
  one('LayerNormalization', { scale: false }),
  onVector('LayerNormalization', { axis: 1, epsilon: 0.001 }),
  one('LayerScale', { init_values: 1e-6, projection_dim: 3 }),
  one('Normalization', { axis: -1, mean: [0.1, 0.2, 0.3], variance: [1, 2, 3] }),
  one('Normalization', { axis: [3], mean: null, variance: null }),
  one('Rescaling', { scale: 0.25, offset: -1 }),
  one('Rescaling', { scale: [0.25, 1, 4] }),
  one('Rescaling', { scale: 1, offset: 3 }),
  one('LayerNormalization', { axis: [1, 2, 3], epsilon: 0.01 }),
  one('LayerNormalization', { axis: [2, -1], epsilon: 0.01, scale: false }),
  onSixChannels('GroupNormalization', { groups: 2, epsilon: 0.01 }),
  onSixChannels('GroupNormalization', { groups: 1, axis: 3, center: false }),
  onSixChannels('GroupNormalization', { groups: -1, scale: false }),
  onVector('GroupNormalization', { groups: 3, epsilon: 0.5 }),
  one('UnitNormalization', { axis: -1 }),
  onVector('UnitNormalization', { axis: [1] }),
  one('Normalization', { axis: -1, mean: [0.1, 0.2, 0.3], variance: [1, 2, 3], invert: true }),
];
