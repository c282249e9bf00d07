/**
 * Enlarges 8-bit RGB `[height, width, 3]` by bilinear interpolation between pixel centres, as Pillow's BILINEAR and
 * TensorFlow's half-pixel resize do. (libvips aligns corners instead, which shifts a picture by up to half a pixel.)
 */
export function enlarge(
  pixels: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  if (width === toWidth && height === toHeight) return pixels;
  const columns = taps(width, toWidth);
  const rows = taps(height, toHeight);
  const result = new Uint8Array(toWidth * toHeight * 3);
  let out = 0;
  for (const row of rows) {
    const top = row.from * width;
    const bottom = row.to * width;
    for (const column of columns) {
      for (let channel = 0; channel < 3; channel++) {
        const a = pixels[(top + column.from) * 3 + channel] ?? 0;
        const b = pixels[(top + column.to) * 3 + channel] ?? 0;
        const c = pixels[(bottom + column.from) * 3 + channel] ?? 0;
        const d = pixels[(bottom + column.to) * 3 + channel] ?? 0;
        const upper = a + (b - a) * column.share;
        const lower = c + (d - c) * column.share;
        result[out++] = Math.round(upper + (lower - upper) * row.share);
      }
    }
  }
  return result;
}

/** For each target position the two source positions it lies between, and the second one's share. */
function taps(size: number, toSize: number): { from: number; to: number; share: number }[] {
  return Array.from({ length: toSize }, (_, i) => {
    const centre = Math.min(Math.max(((i + 0.5) * size) / toSize - 0.5, 0), size - 1);
    const from = Math.floor(centre);
    return { from, to: Math.min(from + 1, size - 1), share: centre - from };
  });
}

/** Centres 8-bit RGB pixels on a black canvas that is at least as large. */
export function padBlack(
  pixels: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  if (width === toWidth && height === toHeight) return pixels;
  const result = new Uint8Array(toWidth * toHeight * 3);
  const left = (toWidth - width) >> 1;
  const top = (toHeight - height) >> 1;
  for (let row = 0; row < height; row++) {
    const source = pixels.subarray(row * width * 3, (row + 1) * width * 3);
    result.set(source, ((top + row) * toWidth + left) * 3);
  }
  return result;
}
