import { unreachable } from '../../../../shared/errors.ts';

/** A change of an image's pixels that leaves them where they are. Factors of 1 change nothing, as in Pillow. */
export type Operation =
  | { readonly op: 'brightness' | 'contrast' | 'saturation' | 'sharpness'; readonly factor: number }
  | { readonly op: 'posterize'; readonly bits: number }
  | { readonly op: 'solarize'; readonly threshold: number }
  | { readonly op: 'autocontrast' | 'equalize' }
  /** Erases a rectangle, in shares of the sides (Cutout, 1708.04552), to middle grey. */
  | {
      readonly op: 'cutout';
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };

/** Applies an operation to 8-bit RGB [height, width, 3] in place, with the arithmetic of Pillow's ImageEnhance and ImageOps. */
export function applyOperation(
  pixels: Uint8Array,
  width: number,
  height: number,
  operation: Operation,
): void {
  switch (operation.op) {
    case 'brightness':
      blend(pixels, () => 0, operation.factor);
      return;
    case 'contrast': {
      const mean = meanGrey(pixels);
      blend(pixels, () => mean, operation.factor);
      return;
    }
    case 'saturation':
      blend(pixels, (index) => grey(pixels, index - (index % 3)), operation.factor);
      return;
    case 'sharpness': {
      const smooth = smoothed(pixels, width, height);
      blend(pixels, (index) => smooth[index] ?? 0, operation.factor);
      return;
    }
    case 'posterize': {
      const mask = 0xff & ~(2 ** (8 - operation.bits) - 1);
      mapEach(pixels, (value) => value & mask);
      return;
    }
    case 'solarize':
      mapEach(pixels, (value) => (value < operation.threshold ? value : 255 - value));
      return;
    case 'autocontrast':
      mapChannels(pixels, stretch);
      return;
    case 'equalize':
      mapChannels(pixels, flatten);
      return;
    case 'cutout':
      erase(pixels, width, height, operation);
      return;
    default:
      unreachable(operation);
  }
}

/** Moves every value away from (factor > 1) or towards (factor < 1) another picture's. */
function blend(pixels: Uint8Array, other: (index: number) => number, factor: number): void {
  // A pixel's grey needs all three channels, so a pixel is read before it is written.
  for (let start = 0; start < pixels.length; start += 3) {
    const from = [other(start), other(start + 1), other(start + 2)] as const;
    for (let channel = 0; channel < 3; channel += 1) {
      const base = from[channel] ?? 0;
      const value = base + factor * ((pixels[start + channel] ?? 0) - base);
      pixels[start + channel] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** ITU-R 601 luma, in the fixed point that Pillow uses. */
function grey(pixels: Uint8Array, start: number): number {
  const sum =
    (pixels[start] ?? 0) * 19595 + (pixels[start + 1] ?? 0) * 38470 + (pixels[start + 2] ?? 0) * 7471;
  return (sum + 0x8000) >> 16;
}

function meanGrey(pixels: Uint8Array): number {
  let sum = 0;
  for (let start = 0; start < pixels.length; start += 3) sum += grey(pixels, start);
  return Math.floor(sum / (pixels.length / 3) + 0.5);
}

/** Every pixel mixed with its eight neighbours, itself counting five times; the border stays as it is. */
function smoothed(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const result = pixels.slice();
  const stride = width * 3;
  for (let row = 1; row < height - 1; row += 1) {
    for (let index = row * stride + 3; index < (row + 1) * stride - 3; index += 1) {
      let sum = 4 * (pixels[index] ?? 0);
      for (let down = -stride; down <= stride; down += stride)
        sum +=
          (pixels[index + down - 3] ?? 0) + (pixels[index + down] ?? 0) + (pixels[index + down + 3] ?? 0);
      result[index] = sum / 13 + 0.5;
    }
  }
  return result;
}

function mapEach(pixels: Uint8Array, map: (value: number) => number): void {
  for (const [index, value] of pixels.entries()) pixels[index] = map(value);
}

/** Maps each channel by a table made from its histogram. */
function mapChannels(pixels: Uint8Array, tableOf: (histogram: Uint32Array) => Uint8Array): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const histogram = new Uint32Array(256);
    for (let index = channel; index < pixels.length; index += 3) {
      const value = pixels[index] ?? 0;
      histogram[value] = (histogram[value] ?? 0) + 1;
    }
    const table = tableOf(histogram);
    for (let index = channel; index < pixels.length; index += 3)
      pixels[index] = table[pixels[index] ?? 0] ?? 0;
  }
}

/** Spreads the values that occur over the whole range. */
function stretch(histogram: Uint32Array): Uint8Array {
  const low = histogram.findIndex((count) => count > 0);
  const high = histogram.findLastIndex((count) => count > 0);
  if (high <= low) return Uint8Array.from(histogram, (_, value) => value);
  const scale = 255 / (high - low);
  const offset = -low * scale;
  return Uint8Array.from(histogram, (_, value) =>
    Math.min(255, Math.max(0, Math.trunc(value * scale + offset))),
  );
}

/** Makes every value about equally frequent. */
function flatten(histogram: Uint32Array): Uint8Array {
  const occurring = histogram.filter((count) => count > 0);
  const total = occurring.reduce((sum, count) => sum + count, 0);
  const step = Math.floor((total - (occurring.at(-1) ?? 0)) / 255);
  if (occurring.length <= 1 || step === 0) return Uint8Array.from(histogram, (_, value) => value);
  let below = Math.floor(step / 2);
  return Uint8Array.from(histogram, (count) => {
    const value = Math.min(255, Math.floor(below / step));
    below += count;
    return value;
  });
}

function erase(
  pixels: Uint8Array,
  width: number,
  height: number,
  hole: Extract<Operation, { op: 'cutout' }>,
): void {
  const left = Math.max(0, Math.round(hole.left * width));
  const right = Math.min(width, Math.round((hole.left + hole.width) * width));
  const bottom = Math.min(height, Math.round((hole.top + hole.height) * height));
  for (let row = Math.max(0, Math.round(hole.top * height)); row < bottom; row += 1)
    if (right > left) pixels.fill(128, (row * width + left) * 3, (row * width + right) * 3);
}
