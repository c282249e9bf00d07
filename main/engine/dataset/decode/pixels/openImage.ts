import sharp, { type Sharp } from 'sharp';
import { decodeBmp, readBmpHeader } from '../formats/bmp.ts';
import type { ImageFormat } from '../formats/format.ts';
import { plainJpegSize } from '../formats/jpegSize.ts';
import { maxPixels, sizeProblem } from '../formats/limits.ts';
import { isTruncated } from '../formats/truncation.ts';

export type ImageProblem = 'too-large' | 'truncated' | 'broken';

/** An image that cannot be decoded; thrown inside this folder, a value outside. */
export class ImageFailure extends Error {
  constructor(
    readonly problem: ImageProblem,
    message: string,
  ) {
    super(message);
    this.name = 'ImageFailure';
  }
}

export interface OpenImage {
  readonly image: Sharp;
  /** Size after EXIF orientation. */
  readonly width: number;
  readonly height: number;
}

/**
 * Opens an image of a known format for decoding: first frame or page, EXIF orientation applied, size checked
 * before pixels are allocated. Throws ImageFailure.
 */
export async function openImage(bytes: Uint8Array, format: ImageFormat): Promise<OpenImage> {
  if (format === 'bmp') return openBmp(bytes);
  // `error` also stops at data libvips would skip; a `warning` may be as harmless as an odd colour profile.
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, autoOrient: true });
  const { width, height } = await sizeOf(bytes, format);
  const problem = sizeProblem(width, height);
  if (problem !== null) throw new ImageFailure('too-large', problem);
  return { image, width, height };
}

/** Size after EXIF orientation. */
async function sizeOf(bytes: Uint8Array, format: ImageFormat): Promise<{ width: number; height: number }> {
  const plain = format === 'jpeg' ? plainJpegSize(bytes) : null;
  if (plain !== null) return plain;
  const unlimited = sharp(bytes, { failOn: 'error', limitInputPixels: false });
  const { autoOrient } = await unlimited.metadata().catch((cause: unknown) => {
    throw failureOf(cause, bytes, format);
  });
  return autoOrient;
}

function openBmp(bytes: Uint8Array): OpenImage {
  const header = readBmpHeader(bytes);
  if (typeof header === 'string') throw new ImageFailure('broken', header);
  const { width, height } = header;
  const problem = sizeProblem(width, height);
  if (problem !== null) throw new ImageFailure('too-large', problem);
  const rgba = decodeBmp(bytes, header);
  if (rgba === 'truncated') throw new ImageFailure('truncated', 'its pixels end early');
  return { image: sharp(rgba, { raw: { width, height, channels: 4 } }), width, height };
}

/** What a decoder's exception says about the file. */
export function failureOf(cause: unknown, bytes: Uint8Array, format: ImageFormat): ImageFailure {
  if (cause instanceof ImageFailure) return cause;
  const message = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
  if (/exceeds pixel limit/i.test(message)) return new ImageFailure('too-large', message);
  const truncated = isTruncated(bytes, format) || /premature end|read error at scanline/i.test(message);
  return new ImageFailure(truncated ? 'truncated' : 'broken', message);
}
