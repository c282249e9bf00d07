import type { Field } from './fields.ts';

/** The settings of the recipe, by group, in the order of the form. Their words are in messages/recipe.ts. */
export const recipeFields: readonly Field[] = [
  { key: 'augment', kind: 'choice', isBasic: true, group: 'images' },
  { key: 'augmentFlip', kind: 'switch', isBasic: false, group: 'images' },
  number('augmentViews', 'images', 0, 1000, true),
  number('mixup', 'images', 0, 10, false),
  number('cutmix', 'images', 0, 10, false),
  { key: 'featurePrecision', kind: 'choice', isBasic: false, group: 'images' },
  { key: 'optimizer', kind: 'choice', isBasic: false, group: 'steps' },
  { key: 'schedule', kind: 'choice', isBasic: false, group: 'steps' },
  number('warmupEpochs', 'steps', 0, 1000, false),
  { ...number('weightDecay', 'steps', 0, 1, false), isOptional: true },
  number('labelSmoothing', 'steps', 0, 0.9, false),
  number('clipNorm', 'steps', 0, 1_000_000, false),
  number('accumulate', 'steps', 1, 1024, true),
  number('averageMomentum', 'steps', 0, 0.9999, false),
  { ...number('l2sp', 'thawed', 0, 10, false), needsThawed: true },
  { ...number('rateDecay', 'thawed', 0.001, 1, false), needsThawed: true },
  { ...number('gradualUnfreeze', 'thawed', 0, 100, true), needsThawed: true },
];

function number(
  key: Field['key'],
  group: NonNullable<Field['group']>,
  least: number,
  most: number,
  isWhole: boolean,
): Extract<Field, { kind: 'number' }> {
  return { key, kind: 'number', isBasic: false, group, least, most, isWhole };
}
