/** Side of the grey image a hash is made of. */
export const hashSide = 32;
const kept = 8;

const cosines = Float64Array.from({ length: kept * hashSide }, (_, index) => {
  const frequency = 1 + Math.floor(index / hashSide);
  return Math.cos(((2 * (index % hashSide) + 1) * frequency * Math.PI) / (2 * hashSide));
});

/** An amplitude of two grey levels: with less, an image is one tone, and its hash would be of noise. */
const leastCoefficient = (2 * hashSide * hashSide) / 4;

/**
 * 64 bits, hex, that change little when an image is scaled, recompressed or slightly toned: which of its 8 × 8 lowest
 * frequencies (discrete cosine transform of a 32 × 32 grey image, constant row and column left out) lie above their
 * median. Null for an image of one tone. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions,
 * 2010, section 3.2.1. `grey`: 32 × 32 bytes, row-major.
 */
export function perceptualHash(grey: Uint8Array): string | null {
  const rows = new Float64Array(hashSide * kept);
  for (let y = 0; y < hashSide; y++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let x = 0; x < hashSide; x++)
        sum += (grey[y * hashSide + x] ?? 0) * (cosines[u * hashSide + x] ?? 0);
      rows[y * kept + u] = sum;
    }
  const coefficients = new Float64Array(kept * kept);
  for (let v = 0; v < kept; v++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < hashSide; y++) sum += (rows[y * kept + u] ?? 0) * (cosines[v * hashSide + y] ?? 0);
      coefficients[v * kept + u] = sum;
    }
  const sorted = [...coefficients].sort((a, b) => a - b);
  if (Math.max(-(sorted[0] ?? 0), sorted.at(-1) ?? 0) < leastCoefficient) return null;
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  let hash = '';
  for (let at = 0; at < coefficients.length; at += 4) {
    let nibble = 0;
    for (let bit = 0; bit < 4; bit++)
      nibble = (nibble << 1) | ((coefficients[at + bit] ?? 0) > median ? 1 : 0);
    hash += nibble.toString(16);
  }
  return hash;
}
