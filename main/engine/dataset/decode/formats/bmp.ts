/** BMP decoding (Microsoft's BITMAPCOREHEADER to BITMAPV5HEADER), which libvips is not built with. */

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  readonly rle: boolean;
  readonly pixelOffset: number;
  /** Bit masks of red, green, blue, alpha, for 16 and 32 bits. */
  readonly masks: readonly [number, number, number, number];
  /** RGB triples. */
  readonly palette: Uint8Array;
}

/** Reads a BMP's header and palette without touching pixels; a string says why it cannot be read. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length >= 18 ? view.getUint32(14, true) : 0;
  if (size < 12 || bytes.length < 14 + size) return 'its header is incomplete';
  const core = size === 12;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getInt16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  const colours = core ? 0 : view.getUint32(46, true);
  if (width <= 0 || signedHeight === 0) return 'its size is zero or negative';
  if (bits !== 1 && bits !== 4 && bits !== 8 && bits !== 16 && bits !== 24 && bits !== 32) {
    return `it has ${bits} bits per pixel`;
  }
  const rle = (compression === 1 && bits === 8) || (compression === 2 && bits === 4);
  const fields = (compression === 3 || compression === 6) && (bits === 16 || bits === 32);
  if (compression !== 0 && !rle && !fields) return `its compression (${compression}) is not known`;
  const masks: [number, number, number, number] =
    bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  let paletteAt = 14 + size;
  if (fields) {
    const alpha = compression === 6 || size >= 56;
    const count = alpha ? 4 : 3;
    if (54 + count * 4 > bytes.length) return 'its header is incomplete';
    for (let i = 0; i < count; i++) masks[i] = view.getUint32(54 + i * 4, true);
    if (size === 40) paletteAt += count * 4;
  }
  const pixelOffset = view.getUint32(10, true);
  const entryBytes = core ? 3 : 4;
  const entries = bits > 8 ? 0 : Math.min(colours === 0 ? 1 << bits : colours, 1 << bits);
  if (paletteAt + entries * entryBytes > bytes.length) return 'its palette is incomplete';
  const palette = new Uint8Array(3 << Math.min(bits, 8));
  for (let i = 0; i < entries; i++) {
    const at = paletteAt + i * entryBytes;
    palette.set([bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0], i * 3);
  }
  const height = Math.abs(signedHeight);
  return { width, height, topDown: signedHeight < 0, bitsPerPixel: bits, rle, pixelOffset, masks, palette };
}

/**
 * Decodes to 8-bit RGBA, `[height, width, 4]` from the top row; a string says what is wrong. Check the header's
 * size against limits first: this allocates it. Alpha is opaque unless the header has an alpha mask.
 */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): Uint8Array | 'truncated' {
  const { width, height, bitsPerPixel, palette } = header;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const rowStart = (row: number) => (header.topDown ? row : height - 1 - row) * width * 4;
  const put = (at: number, index: number) => {
    rgba[at] = palette[index * 3] ?? 0;
    rgba[at + 1] = palette[index * 3 + 1] ?? 0;
    rgba[at + 2] = palette[index * 3 + 2] ?? 0;
  };
  if (header.rle) {
    const indices = unpackRle(bytes, header);
    if (indices === null) return 'truncated';
    for (let row = 0; row < height; row++) {
      for (let x = 0; x < width; x++) put(rowStart(row) + x * 4, indices[row * width + x] ?? 0);
    }
    return rgba;
  }
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4;
  const lastRow = Math.ceil((width * bitsPerPixel) / 8);
  if (header.pixelOffset + stride * (height - 1) + lastRow > bytes.length) return 'truncated';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const channels = header.masks.map(channelOf);
  for (let row = 0; row < height; row++) {
    const source = header.pixelOffset + row * stride;
    let at = rowStart(row);
    for (let x = 0; x < width; x++, at += 4) {
      if (bitsPerPixel <= 8) {
        const perByte = 8 / bitsPerPixel;
        const shift = 8 - bitsPerPixel * ((x % perByte) + 1);
        put(at, ((bytes[source + Math.floor(x / perByte)] ?? 0) >> shift) & ((1 << bitsPerPixel) - 1));
      } else if (bitsPerPixel === 24) {
        rgba[at] = bytes[source + x * 3 + 2] ?? 0;
        rgba[at + 1] = bytes[source + x * 3 + 1] ?? 0;
        rgba[at + 2] = bytes[source + x * 3] ?? 0;
      } else {
        const pixel =
          bitsPerPixel === 16 ? view.getUint16(source + x * 2, true) : view.getUint32(source + x * 4, true);
        channels.forEach((channel, i) => {
          if (channel !== null) rgba[at + i] = channel(pixel);
        });
      }
    }
  }
  // Many writers leave the alpha of an opaque picture at zero.
  if (channels[3] && rgba.every((value, i) => i % 4 !== 3 || value === 0)) {
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  }
  return rgba;
}

/** Scales a masked field of any width to 0–255. */
function channelOf(mask: number): ((pixel: number) => number) | null {
  if (mask === 0) return null;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

/** Run-length encoding, 4 or 8 bits (BI_RLE4, BI_RLE8), to palette indices in stored row order. */
function unpackRle(bytes: Uint8Array, header: BmpHeader): Uint8Array | null {
  const { width, height } = header;
  const four = header.bitsPerPixel === 4;
  const indices = new Uint8Array(width * height);
  let at = header.pixelOffset;
  let x = 0;
  let row = 0;
  const put = (index: number) => {
    if (x < width && row < height) indices[row * width + x] = index;
    x += 1;
  };
  for (;;) {
    const count = bytes[at];
    const value = bytes[at + 1];
    if (count === undefined || value === undefined) return null;
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(four ? (i % 2 === 0 ? value >> 4 : value & 15) : value);
    } else if (value === 0) {
      x = 0;
      row += 1;
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      row += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = four ? Math.ceil(value / 2) : value;
      if (at + length > bytes.length) return null;
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (four ? i >> 1 : i)] ?? 0;
        put(four ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
      }
      at += length + (length % 2);
    }
  }
}
