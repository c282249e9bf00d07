/** Start-of-frame markers of the processes a decoder knows (ITU-T T.81, table B.1): baseline, extended, progressive. */
const frames = new Set([0xc0, 0xc1, 0xc2]);
const exif = 0xe1;
const startOfScan = 0xda;

/**
 * Width and height out of a JPEG's header, without opening the image. Null where a look at the whole metadata is due:
 * EXIF data, which may turn the image, an unusual frame, or a header that does not hold together.
 */
export function plainJpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (frames.has(marker)) {
      const height = ((bytes[at + 5] ?? 0) << 8) | (bytes[at + 6] ?? 0);
      const width = ((bytes[at + 7] ?? 0) << 8) | (bytes[at + 8] ?? 0);
      return width > 0 && height > 0 ? { width, height } : null;
    }
    const isSegment = marker >= 0xc4 && marker <= 0xfe && length >= 2;
    if (!isSegment || marker === exif || marker === startOfScan) return null;
    at += 2 + length;
  }
  return null;
}
