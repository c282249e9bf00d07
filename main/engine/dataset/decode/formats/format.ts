/** What a file's content is, by its first bytes. */
export type Content =
  | { readonly type: 'image'; readonly format: ImageFormat }
  /** An image (or document) Thaw does not decode; `name` is for the message. */
  | { readonly type: 'unsupported'; readonly name: string }
  | { readonly type: 'other' };

export const imageFormats = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'bmp'] as const;
export type ImageFormat = (typeof imageFormats)[number];

const extensions: Record<ImageFormat, readonly string[]> = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  png: ['png', 'apng'],
  webp: ['webp'],
  avif: ['avif'],
  gif: ['gif'],
  tiff: ['tif', 'tiff'],
  bmp: ['bmp', 'dib'],
};

/** Whether an extension (lower case, no dot) is usual for a format; no extension contradicts nothing. */
export function extensionFits(extension: string, format: ImageFormat): boolean {
  return extension === '' || extensions[format].includes(extension);
}

/** Camera raw files are TIFFs whose first image is a thumbnail, so only their extension gives them away. */
const rawExtensions = new Set(['nef', 'arw', 'dng', 'cr2', 'orf', 'pef', 'srw', 'rw2']);

/** Recognises content by magic bytes; `extension` only serves to tell camera raw files from TIFF. */
export function sniff(bytes: Uint8Array, extension = ''): Content {
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const start = ascii(0, 16);
  const unsupported = (name: string): Content => ({ type: 'unsupported', name });
  const image = (format: ImageFormat): Content => ({ type: 'image', format });
  if (start.startsWith('\xff\xd8\xff')) return image('jpeg');
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return image('png');
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return image('gif');
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return image('webp');
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) {
    return rawExtensions.has(extension) ? unsupported('camera raw') : image('tiff');
  }
  if (
    start.startsWith('BM') &&
    bytes.length >= 26 &&
    [12, 40, 52, 56, 64, 108, 124].includes(bytes[14] ?? 0)
  ) {
    return image('bmp');
  }
  if (start.slice(4, 8) === 'ftyp') return sniffBrand(ascii(8, 64));
  if (start.startsWith('\0\0\0\x0cjP  ') || start.startsWith('\xff\x4f\xff\x51'))
    return unsupported('JPEG 2000');
  if (start.startsWith('\0\0\0\x0cJXL ') || start.startsWith('\xff\x0a')) return unsupported('JPEG XL');
  if (start.startsWith('%PDF')) return unsupported('PDF');
  if (start.startsWith('8BPS')) return unsupported('Photoshop');
  if (start.startsWith('\0\0\x01\0')) return unsupported('Windows icon');
  if (start.startsWith('v/1\x01')) return unsupported('OpenEXR');
  if (start.startsWith('#?RADIANCE')) return unsupported('Radiance HDR');
  if (/^P[1-7]\s/.test(start)) return unsupported('Netpbm');
  if (start.startsWith('DDS ')) return unsupported('DirectDraw surface');
  if (/<svg[\s>]/i.test(ascii(0, 1024))) return unsupported('SVG');
  return { type: 'other' };
}

/** ISO base media files by brand (ISO/IEC 23008-12, AV1 Image File Format). */
function sniffBrand(brands: string): Content {
  const major = brands.slice(0, 4);
  const mayBeHeif = ['mif1', 'msf1', 'miaf'].includes(major);
  if (major === 'avif' || major === 'avis' || (mayBeHeif && brands.includes('avif'))) {
    return { type: 'image', format: 'avif' };
  }
  if (mayBeHeif || ['heic', 'heix', 'hevc', 'heim', 'heis'].includes(major)) {
    return { type: 'unsupported', name: 'HEIC' };
  }
  if (major.startsWith('crx')) return { type: 'unsupported', name: 'camera raw' };
  return { type: 'other' };
}
