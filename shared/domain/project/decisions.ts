import type { SplitName } from '../dataset.ts';

/**
 * One thing a user decided about a project's images. Decisions are kept in order and never change a file of the
 * user's: undoing one takes it off the end. Images are named by their path in the project.
 */
export type Decision =
  /** Sets images aside: they are neither trained on nor measured. */
  | { readonly type: 'exclude'; readonly images: readonly string[] }
  /** Takes images back that were set aside. */
  | { readonly type: 'restore'; readonly images: readonly string[] }
  /** Moves images to a class, which is made if it is new, and takes them back if they were set aside. */
  | { readonly type: 'label'; readonly images: readonly string[]; readonly label: string }
  /** Puts images on one side of the split whatever the draw says; null leaves it to the draw again. */
  | { readonly type: 'pin'; readonly images: readonly string[]; readonly split: SplitName | null }
  /** Images copied into the project. */
  | { readonly type: 'add'; readonly images: readonly string[]; readonly label: string }
  | { readonly type: 'create-class'; readonly name: string }
  | { readonly type: 'rename-class'; readonly from: string; readonly to: string }
  | { readonly type: 'merge-classes'; readonly from: string; readonly into: string }
  /** Takes a class away and sets its images aside. */
  | { readonly type: 'delete-class'; readonly name: string };

/** What was decided about one image; what is absent is as the dataset has it. */
export interface ImageDecision {
  /** The class it was moved to; null when that class was deleted since. */
  readonly label?: string | null;
  readonly isExcluded?: boolean;
  readonly pinned?: SplitName | null;
}

/** The class, where it lies, of a file that has none: it has one by a decision, or is none of the images. */
export const unlabelled = '';

/** All decisions, put together. */
export interface Overlay {
  /** Classes of the dataset that have another name now; null: deleted. */
  readonly classes: ReadonlyMap<string, string | null>;
  /** Classes there are because the user said so, with or without images. */
  readonly created: ReadonlySet<string>;
  readonly images: ReadonlyMap<string, ImageDecision>;
  /** Images copied into the project, and the class each was added to. */
  readonly added: ReadonlyMap<string, string>;
}

/** Where an image stands after all decisions. */
export interface Standing {
  /** Its class; null when its class was deleted. */
  readonly label: string | null;
  readonly isExcluded: boolean;
  readonly pinned: SplitName | null;
}

/** Puts decisions together, the first one first. */
export function overlayOf(decisions: readonly Decision[]): Overlay {
  const classes = new Map<string, string | null>();
  const created = new Set<string>();
  const images = new Map<string, ImageDecision>();
  const added = new Map<string, string>();
  const change = (paths: readonly string[], to: ImageDecision): void => {
    for (const path of paths) images.set(path, { ...images.get(path), ...to });
  };
  const become = (from: string, to: string | null): void => {
    for (const [name, now] of classes) if (now === from) classes.set(name, to);
    if (!classes.has(from)) classes.set(from, to);
    for (const [path, decision] of images)
      if (decision.label === from) images.set(path, { ...decision, label: to });
    const wasCreated = created.delete(from);
    if (wasCreated && to !== null) created.add(to);
  };
  for (const decision of decisions) {
    switch (decision.type) {
      case 'exclude':
        change(decision.images, { isExcluded: true });
        break;
      case 'restore':
        change(decision.images, { isExcluded: false });
        break;
      case 'label':
        created.add(decision.label);
        change(decision.images, { label: decision.label, isExcluded: false });
        break;
      case 'pin':
        change(decision.images, { pinned: decision.split });
        break;
      case 'add':
        created.add(decision.label);
        for (const path of decision.images) added.set(path, decision.label);
        change(decision.images, { label: decision.label, isExcluded: false });
        break;
      case 'create-class':
        created.add(decision.name);
        break;
      case 'rename-class':
        become(decision.from, decision.to);
        created.add(decision.to);
        break;
      case 'merge-classes':
        become(decision.from, decision.into);
        break;
      case 'delete-class':
        become(decision.name, null);
        break;
    }
  }
  return { classes, created, images, added };
}

/** Where an image of a class of the dataset stands now. */
export function standingOf(overlay: Overlay, path: string, sourceLabel: string): Standing {
  const decision = overlay.images.get(path);
  const label = decision?.label !== undefined ? decision.label : classNow(overlay, sourceLabel);
  return {
    label,
    isExcluded: label === null || decision?.isExcluded === true,
    pinned: decision?.pinned ?? null,
  };
}

/** The name a class of the dataset has now; null when it was deleted. */
export function classNow(overlay: Overlay, sourceLabel: string): string | null {
  const now = overlay.classes.get(sourceLabel);
  return now === undefined ? sourceLabel : now;
}

/** Whether a decision can be taken where these are the classes; else what is in the way. */
export function objection(decision: Decision, classes: ReadonlySet<string>): string | null {
  const missing = (name: string): string | null =>
    classes.has(name) ? null : `There is no class ${JSON.stringify(name)}.`;
  const unusable = (name: string): string | null => {
    if (name.trim() === '') return 'A class needs a name.';
    if (name !== name.trim()) return 'A class name neither begins nor ends with a space.';
    if (name.length > 100) return 'A class name has at most 100 characters.';
    return hasControl(name) ? 'A class name has no line breaks or control characters.' : null;
  };
  const taken = (name: string): string | null =>
    unusable(name) ?? (classes.has(name) ? `There is a class ${JSON.stringify(name)} already.` : null);
  switch (decision.type) {
    case 'exclude':
    case 'restore':
    case 'pin':
      return decision.images.length === 0 ? 'No image is named.' : null;
    case 'label':
    case 'add':
      return decision.images.length === 0 ? 'No image is named.' : unusable(decision.label);
    case 'create-class':
      return taken(decision.name);
    case 'rename-class':
      return missing(decision.from) ?? taken(decision.to);
    case 'merge-classes':
      if (decision.from === decision.into) return 'A class cannot be merged into itself.';
      return missing(decision.from) ?? missing(decision.into);
    case 'delete-class':
      return missing(decision.name);
  }
}

function hasControl(text: string): boolean {
  return [...text].some((char) => (char.codePointAt(0) ?? 0) < 32 || char === '\u007f');
}
