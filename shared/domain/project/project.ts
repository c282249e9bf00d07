import type { SplitName } from '../dataset.ts';

/** How a project's images are divided where the dataset does not say so itself. */
export interface SplitChoice {
  /** Share of the images to validate on, in (0, 1). */
  readonly validation: number;
  /** Share of the images to measure on at the end and never train on, in [0, 1). */
  readonly test: number;
  readonly seed: number;
}

export const defaultSplit: SplitChoice = { validation: 0.2, test: 0, seed: 0 };

/** What begins the path of an image that was copied into the project. */
export const addedPrefix = '@added/';

/** An image's path in the project: `key` names its dataset; that of the first is empty. */
export function projectPath(key: string, path: string): string {
  return key === '' ? path : `${key}/${path}`;
}

/** Which sides of the split there are, in the order they are shown. */
export const splitNames: readonly SplitName[] = ['train', 'validation', 'test'];
