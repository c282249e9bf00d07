import { sizeOf } from '../../../network/index.ts';

/** From one array per layer to one row per image. */
export function interleave(parts: readonly Float32Array[], count: number): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const stride = parts.reduce((sum, part) => sum + part.length / count, 0);
  const rows = new Float32Array(count * stride);
  let offset = 0;
  for (const part of parts) {
    const size = part.length / count;
    for (let row = 0; row < count; row += 1)
      rows.set(part.subarray(row * size, (row + 1) * size), row * stride + offset);
    offset += size;
  }
  return rows;
}

/** From one row per image to one array per layer. */
export function split(
  rows: Float32Array,
  count: number,
  layers: readonly { readonly shape: readonly number[] }[],
): Float32Array[] {
  if (layers.length === 1) return [rows];
  const stride = rows.length / count;
  let offset = 0;
  return layers.map(({ shape }) => {
    const size = sizeOf(shape);
    const own = new Float32Array(count * size);
    for (let row = 0; row < count; row += 1) {
      const start = row * stride + offset;
      own.set(rows.subarray(start, start + size), row * size);
    }
    offset += size;
    return own;
  });
}
