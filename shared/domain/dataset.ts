/** What Thaw knows about a set of labelled images. Pixels never appear here. */

export type SplitName = 'train' | 'validation' | 'test';

/**
 * How an image of any shape becomes the network's input.
 * squash: scale each axis independently; crop: scale the short side, cut the centre; pad: scale the long side,
 * fill with black.
 */
export type ResizePolicy = 'squash' | 'crop' | 'pad';

export const resizePolicies: readonly ResizePolicy[] = ['squash', 'crop', 'pad'];

export interface ImageRecord {
  /** SHA-256 of the file's bytes, hex. Two records with one id are exact duplicates. */
  readonly id: string;
  /** Path inside the dataset, with forward slashes. */
  readonly path: string;
  readonly label: string;
  /** The split the source itself names (train/ val/ test/ folders, a CSV's split column), else null. */
  readonly split: SplitName | null;
  /** The side the user put it on, whatever a draw says. */
  readonly pinned?: SplitName;
  /** How much it counts in the training loss; 1 when not told. */
  readonly weight?: number;
  readonly bytes: number;
  /** Size in pixels after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** 64 bits, hex: close where two images look alike. Absent for an image of one tone. */
  readonly perceptual?: string;
  /** The content's format, whatever the extension says: jpeg, png, webp, avif, gif, tiff, bmp. */
  readonly format: string;
}

export const findingKinds = [
  'broken',
  'truncated',
  'empty-file',
  'not-an-image',
  'extension-mismatch',
  'unsupported-format',
  'too-large',
  'duplicate',
  'label-conflict',
  'split-leak',
  'class-imbalance',
  'small-class',
  'hidden-file',
  'symlink-loop',
  'unreadable',
  'unlabelled',
  'outside-folder',
  'set-aside',
  'near-duplicate',
  'odd-size',
] as const;

export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'error' | 'warning' | 'info';
  /** Dataset paths it is about (one file, a duplicate group, or a class folder). */
  readonly paths: readonly string[];
  readonly message: string;
  /** Whether the named images are left out of training because of it. */
  readonly excluded: boolean;
}

export interface ClassCount {
  readonly name: string;
  readonly images: number;
}

export type DatasetKind = 'folder' | 'zip' | 'csv' | 'project';

/** A scanned dataset: usable images, in path order, and everything worth saying about the rest. */
export interface Dataset {
  readonly name: string;
  /** Absolute path of the folder, zip, CSV or project. */
  readonly location: string;
  readonly kind: DatasetKind;
  /** Class names in code-point order; a class's index is its position here. */
  readonly classes: readonly string[];
  readonly images: readonly ImageRecord[];
  readonly findings: readonly Finding[];
  /** SHA-256 over (path, id, label, split) of all usable images: changes when the data does. */
  readonly fingerprint: string;
}

/** Counts images per class, in the order of `classes`. */
export function countByClass(
  classes: readonly string[],
  images: readonly Pick<ImageRecord, 'label'>[],
): ClassCount[] {
  const counts = new Map<string, number>(classes.map((name) => [name, 0]));
  for (const image of images) counts.set(image.label, (counts.get(image.label) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, images: count }));
}
