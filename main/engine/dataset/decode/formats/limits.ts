/** Largest image that is decoded: 268 megapixels (libvips' own default) and 65,500 pixels a side (JPEG's limit). */
export const maxPixels = 0x3fff * 0x3fff;
export const maxSide = 65_500;

/** Why an image of this size is not decoded, or null. */
export function sizeProblem(width: number, height: number): string | null {
  if (width > maxSide || height > maxSide) return `${width} × ${height} pixels; at most ${maxSide} a side`;
  if (width * height > maxPixels) return `${width} × ${height} pixels; at most 268 megapixels`;
  return null;
}
