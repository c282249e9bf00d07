import type { ImageFormat } from './format.ts';

/**
 * Whether a file ends before its format says it does. Structural, so it names what a decoder only calls broken;
 * true for some files that still show a picture (a GIF cut after its first frame is not counted).
 */
export function isTruncated(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'jpeg':
      return !endsWith(bytes, [0xff, 0xd9]);
    case 'png':
      return !endsWith(bytes, [0x49, 0x45, 0x4e, 0x44]);
    case 'webp':
      return bytes.length < 12 || view.getUint32(4, true) + 8 > bytes.length;
    case 'gif':
      return !hasCompleteGifFrame(bytes);
    case 'tiff': {
      const little = bytes[0] === 0x49;
      const isClassic = view.getUint16(2, little) === 42;
      return bytes.length < 8 || (isClassic && view.getUint32(4, little) >= bytes.length);
    }
    case 'avif':
      return boxesEndEarly(view);
    case 'bmp':
      return false;
  }
}

/** Whether a mark stands in the last KiB (files often carry trailing bytes). */
function endsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  for (let at = bytes.length - mark.length; at >= Math.max(0, bytes.length - 1024); at--) {
    if (mark.every((value, i) => bytes[at + i] === value)) return true;
  }
  return false;
}

/** ISO base media boxes: whether the last one reaches beyond the end. */
function boxesEndEarly(view: DataView): boolean {
  for (let at = 0; at < view.byteLength;) {
    if (at + 8 > view.byteLength) return true;
    const size = view.getUint32(at);
    if (size === 0) return false;
    if (size === 1 || size < 8) return false;
    at += size;
    if (at > view.byteLength) return true;
  }
  return false;
}

/** Walks a GIF's blocks (GIF89a §15–§26) to the end of the first image's data. */
export function hasCompleteGifFrame(bytes: Uint8Array): boolean {
  const colourTable = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + colourTable(bytes[10] ?? 0);
  const skipSubBlocks = () => {
    for (;;) {
      const length = bytes[at];
      if (length === undefined) return false;
      at += length + 1;
      if (length === 0) return at <= bytes.length;
    }
  };
  for (;;) {
    const block = bytes[at];
    if (block === 0x21) {
      at += 2;
      if (!skipSubBlocks()) return false;
    } else if (block === 0x2c) {
      at += 11 + colourTable(bytes[at + 9] ?? 0);
      return skipSubBlocks();
    } else {
      return false;
    }
  }
}
