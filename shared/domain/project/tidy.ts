import type { Finding, FindingKind, SplitName } from '../dataset.ts';

/** Kinds of files that cannot be used: setting them aside takes them off the list. */
export const unusableKinds = [
  'broken',
  'truncated',
  'empty-file',
  'not-an-image',
  'unsupported-format',
  'too-large',
  'unreadable',
] as const satisfies readonly FindingKind[];

/** Kinds about files that were not looked at: they are not used, and setting them aside takes them off the list. */
export const unseenKinds = [
  'unlabelled',
  'outside-folder',
  'symlink-loop',
] as const satisfies readonly FindingKind[];

/** Kinds of findings with a remedy that needs no choice of the user's. */
export const tidyKinds = [
  ...unusableKinds,
  ...unseenKinds,
  'duplicate',
  'near-duplicate',
  'split-leak',
  'label-conflict',
  'odd-size',
  'class-imbalance',
] as const satisfies readonly FindingKind[];
export type TidyKind = (typeof tidyKinds)[number];

/** What tidying does: images that are set aside, and training settings that answer the rest. */
export interface Tidying {
  readonly setAside: readonly string[];
  readonly training: { readonly classWeights?: 'auto'; readonly resize?: 'pad' };
}

/** Where a finding's image stands, and its size; null for what is no image. */
export type Located = (path: string) => {
  readonly side: SplitName | null;
  readonly width: number;
  readonly height: number;
} | null;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Fewer pixels a side than this say little to any network, whose smallest input is several times that. */
export const smallSide = 32;

export function isSmall({ width, height }: Size): boolean {
  return Math.min(width, height) < smallSide;
}

/** Whether an image is so long that squashing distorts it and cropping loses most of it. */
export function isLong({ width, height }: Size): boolean {
  return Math.max(width, height) > longRatio * Math.min(width, height);
}

function isUnseen(kind: FindingKind): boolean {
  return unseenKinds.some((one) => one === kind);
}

const notSmall: Size = { width: smallSide, height: smallSide };

/** An image longer than so many times its width loses most of itself when it is made square. */
export const longRatio = 4;

/**
 * The remedies of all findings of some kinds at once. Of equal and of nearly equal images one is kept; of those on both
 * sides of the split what is measured is kept and training gives its copies up; an image in two classes goes from both;
 * small images go, long ones are padded; classes of unequal size get weights. What was not looked at is set aside by its
 * name, unless an image has it too.
 */
export function tidyOf(kinds: readonly TidyKind[], findings: readonly Finding[], locate: Located): Tidying {
  const setAside = new Set<string>();
  let training: Tidying['training'] = {};
  const take = (paths: readonly string[]): void => {
    for (const path of paths) if (locate(path) !== null) setAside.add(path);
  };
  const leave = (paths: readonly string[]): void => {
    for (const path of paths) setAside.add(path);
  };
  for (const { kind, paths, excluded } of findings) {
    if (!kinds.some((one) => one === kind)) continue;
    if (kind === 'class-imbalance') training = { ...training, classWeights: 'auto' };
    else if (isUnseen(kind)) leave(paths.filter((path) => locate(path) === null));
    else if (kind === 'not-an-image') leave(paths);
    else if (kind === 'near-duplicate') take(paths.slice(1));
    else if (kind === 'split-leak' && !excluded) take(paths.filter((path) => locate(path)?.side === 'train'));
    else if (kind === 'odd-size') {
      const small = paths.filter((path) => isSmall(locate(path) ?? notSmall));
      take(small);
      if (small.length < paths.length) training = { ...training, resize: 'pad' };
    } else take(paths);
  }
  return { setAside: [...setAside].sort(), training };
}
