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

const imageExtensions = new Set(
  (
    'jpg jpeg jpe jfif png apng webp avif gif tif tiff bmp dib heic heif jp2 jxl svg ' +
    'psd ico cr2 nef arw dng'
  ).split(' '),
);

/** Whether a name looks like an image's, by its extension. */
export function namesImage(name: string): boolean {
  return imageExtensions.has(extensionOf(name));
}

/** Lower-case extension without the dot; empty if there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 ? name.slice(dot + 1).toLowerCase() : '';
}

/** A class name as shown and compared: NFC, so that the same name typed on two systems is one class. */
export function className(raw: string): string {
  return raw.normalize('NFC');
}
