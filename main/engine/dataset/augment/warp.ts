/**
 * Maps points of the result to points of the image: x′ = a x + b y + c, y′ = d x + e y + f. Both run from −1 to 1 over
 * the width and the height, so that one transform serves every size; [1, 0, 0, 0, 1, 0] changes nothing.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Resamples 8-bit RGB [height, width, 3] along an affine transform by bilinear interpolation between pixel centres;
 * outside, the nearest edge pixel goes on.
 */
export function warp(
  pixels: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
  [a, b, c, d, e, f]: Affine,
): Uint8Array {
  const result = new Uint8Array(toWidth * toHeight * 3);
  let out = 0;
  for (let row = 0; row < toHeight; row += 1) {
    const y = (2 * (row + 0.5)) / toHeight - 1;
    for (let column = 0; column < toWidth; column += 1) {
      const x = (2 * (column + 0.5)) / toWidth - 1;
      const fromX = clamp(((a * x + b * y + c + 1) * width) / 2 - 0.5, width - 1);
      const fromY = clamp(((d * x + e * y + f + 1) * height) / 2 - 0.5, height - 1);
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const shareX = fromX - left;
      const shareY = fromY - top;
      const right = left + 1 < width ? 3 : 0;
      const below = top + 1 < height ? width * 3 : 0;
      const at = (top * width + left) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const corner = at + channel;
        const first = pixels[corner] ?? 0;
        const upper = first + ((pixels[corner + right] ?? 0) - first) * shareX;
        const second = pixels[corner + below] ?? 0;
        const lower = second + ((pixels[corner + below + right] ?? 0) - second) * shareX;
        result[out] = upper + (lower - upper) * shareY + 0.5;
        out += 1;
      }
    }
  }
  return result;
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}
