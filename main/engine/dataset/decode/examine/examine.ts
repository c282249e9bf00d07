import { createHash } from 'node:crypto';
import type { FindingKind } from '../../../../../shared/domain/dataset.ts';
import { extensionOf } from '../../../../../shared/domain/imageNames.ts';
import { extensionFits, sniff, type ImageFormat } from '../formats/format.ts';
import { failureOf, openImage, type OpenImage } from '../pixels/openImage.ts';
import { hashSide, perceptualHash } from './perceptualHash.ts';
import { pixelsOf, readsEveryRow, type DecodeTarget } from '../pixels/pixels.ts';
import { isTruncated } from '../formats/truncation.ts';

/** What a file turned out to be. */
export type Examination =
  | {
      readonly usable: true;
      /** SHA-256 of the bytes, hex. */
      readonly id: string;
      readonly bytes: number;
      readonly width: number;
      readonly height: number;
      readonly format: ImageFormat;
      /** See perceptualHash; null for an image of one tone, and where it was not asked for. */
      readonly perceptual: string | null;
      /** Whether the extension names another format. */
      readonly misnamed: boolean;
    }
  | { readonly usable: false; readonly kind: FindingKind; readonly found: string };

/** What is wanted beside the examination itself; both at once take two decodes. */
export interface ExaminationWanted {
  readonly perceptual: boolean;
  readonly pixels: DecodeTarget | null;
}

export interface Examined {
  readonly examination: Examination;
  /** Null where none were wanted, or of an image that cannot be used. */
  readonly pixels: Uint8Array | null;
}

/**
 * Looks at one file: hash, content type by magic bytes, size, and one whole decode, which finds truncation and most
 * damage (entropy-coded JPEG data that is wrong but complete decodes without complaint). The decode is that of the
 * pixels where they are wanted, as `decodePixels` gives them, else at reduced size. Who changes what is found raises the
 * version beside this file.
 */
export async function examine(bytes: Uint8Array, path: string, wanted: ExaminationWanted): Promise<Examined> {
  if (bytes.length === 0) return unusable('empty-file', 'it has no bytes');
  const extension = extensionOf(path);
  const content = sniff(bytes, extension);
  if (content.type === 'unsupported') return unusable('unsupported-format', content.name);
  if (content.type === 'other') return unusable('not-an-image', 'no image format');
  const { format } = content;
  try {
    const { width, height, pixels, perceptual } = await decodeTelling(bytes, format, wanted);
    if (format === 'gif' && isTruncated(bytes, format)) {
      return unusable('truncated', 'its first frame ends early');
    }
    const examination = {
      usable: true,
      id: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      width,
      height,
      format,
      perceptual,
      misnamed: !extensionFits(extension, format),
    } as const;
    return { examination, pixels };
  } catch (cause) {
    const failure = failureOf(cause, bytes, format);
    return unusable(failure.problem, `${format}: ${failure.message}`);
  }
}

function unusable(kind: FindingKind, found: string): Examined {
  return { examination: { usable: false, kind, found }, pixels: null };
}

/** The library keeps what went wrong for all threads together, where another one may take it away. */
const lostMessage = /unknown error/i;
const attempts = 3;

/** Decodes until it succeeds or says why not: the words for a damage decide how it is named. */
async function decodeTelling(
  bytes: Uint8Array,
  format: ImageFormat,
  wanted: ExaminationWanted,
): ReturnType<typeof decodeWhole> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await decodeWhole(bytes, format, wanted);
    } catch (cause) {
      const isLost = cause instanceof Error && lostMessage.test(cause.message);
      if (!isLost || attempt === attempts) throw cause;
    }
  }
}

/** Decodes every row of an image, for its pixels if that is how they are wanted, else to grey. */
async function decodeWhole(
  bytes: Uint8Array,
  format: ImageFormat,
  { perceptual, pixels: target }: ExaminationWanted,
): Promise<{ width: number; height: number; pixels: Uint8Array | null; perceptual: string | null }> {
  const opened = await openImage(bytes, format);
  const { width, height } = opened;
  if (target === null) {
    const grey = await greyOf(opened);
    return { width, height, pixels: null, perceptual: perceptual ? perceptualHash(grey) : null };
  }
  // Whether an image can be used is the same with and without pixels, so their failure alone decides nothing.
  const pixels = await pixelsOf(opened, target).catch(() => null);
  const isWhole = pixels !== null && readsEveryRow(opened, target);
  const grey = isWhole && !perceptual ? null : await greyOf(await openImage(bytes, format));
  return { width, height, pixels, perceptual: perceptual && grey !== null ? perceptualHash(grey) : null };
}

async function greyOf({ image }: OpenImage): Promise<Uint8Array> {
  return image
    .flatten({ background: '#ffffff' })
    .resize(hashSide, hashSide, { fit: 'fill', kernel: 'linear' })
    .greyscale()
    .raw({ depth: 'uchar' })
    .toBuffer();
}
