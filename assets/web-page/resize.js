/**
 * Resizing as the studio does it: a triangle filter that widens when it reduces (Pillow's BILINEAR), applied to rows and
 * then to columns. A canvas's own smoothing is another filter, and would give other answers.
 */

/** For each target position the sources it reads and their shares. */
function taps(from, to) {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const last = Math.min(from, Math.floor(centre + reach + 0.5));
    const shares = [];
    for (let at = first; at < last; at += 1)
      shares.push(Math.max(0, 1 - Math.abs((at + 0.5 - centre) / reach)));
    const sum = shares.reduce((total, share) => total + share, 0);
    return { first, shares: shares.map((share) => share / sum) };
  });
}

/** [height, width, 3] bytes to [toHeight, toWidth, 3] bytes. */
export function resize(pixels, width, height, toWidth, toHeight) {
  if (width === toWidth && height === toHeight) return pixels;
  const across = new Uint8ClampedArray(height * toWidth * 3);
  const columns = taps(width, toWidth);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < toWidth; column += 1) {
      const { first, shares } = columns[column];
      for (let channel = 0; channel < 3; channel += 1) {
        let value = 0;
        for (let tap = 0; tap < shares.length; tap += 1)
          value += shares[tap] * pixels[(row * width + first + tap) * 3 + channel];
        across[(row * toWidth + column) * 3 + channel] = value;
      }
    }
  const result = new Uint8ClampedArray(toHeight * toWidth * 3);
  const rows = taps(height, toHeight);
  for (let row = 0; row < toHeight; row += 1) {
    const { first, shares } = rows[row];
    for (let at = 0; at < toWidth * 3; at += 1) {
      let value = 0;
      for (let tap = 0; tap < shares.length; tap += 1)
        value += shares[tap] * across[(first + tap) * toWidth * 3 + at];
      result[row * toWidth * 3 + at] = value;
    }
  }
  return result;
}

/** A picture to [size, size, 3] bytes by the policy that thaw.json records: squash, crop or pad. */
export function toSquare(pixels, width, height, size, policy) {
  if (policy === 'crop') {
    const side = Math.min(width, height);
    const left = (width - side) >> 1;
    const top = (height - side) >> 1;
    const part = new Uint8ClampedArray(side * side * 3);
    for (let row = 0; row < side; row += 1) {
      const start = ((top + row) * width + left) * 3;
      part.set(pixels.subarray(start, start + side * 3), row * side * 3);
    }
    return resize(part, side, side, size, size);
  }
  if (policy === 'pad') {
    const scale = size / Math.max(width, height);
    const wide = Math.min(size, Math.max(1, Math.round(width * scale)));
    const tall = Math.min(size, Math.max(1, Math.round(height * scale)));
    const small = resize(pixels, width, height, wide, tall);
    const square = new Uint8ClampedArray(size * size * 3);
    const left = (size - wide) >> 1;
    const top = (size - tall) >> 1;
    for (let row = 0; row < tall; row += 1)
      square.set(small.subarray(row * wide * 3, (row + 1) * wide * 3), ((top + row) * size + left) * 3);
    return square;
  }
  return resize(pixels, width, height, size, size);
}
