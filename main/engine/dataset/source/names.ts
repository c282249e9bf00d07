import type { SplitName } from '../../../../shared/domain/dataset.ts';

const splitNames = new Map<string, SplitName>([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** The split a folder or a CSV cell names, in any case, or null. */
export function splitOf(name: string): SplitName | null {
  return splitNames.get(name.trim().toLowerCase()) ?? null;
}

const systemNames = new Set(['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '$recycle.bin']);

/** Files and folders that systems leave behind, and hidden ones (`.DS_Store`, `._photo.jpg`, `.git`). */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** A class name as shown and compared: NFC, so that the same name typed on two systems is one class. */
export function className(raw: string): string {
  return raw.normalize('NFC');
}
