import { createHash } from 'node:crypto';
import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import { extensionOf } from '../source/names.ts';
import { extensionFits, sniff, type ImageFormat } from './format.ts';
import { failureOf, openImage } from './openImage.ts';
import { hashSide, perceptualHash } from './perceptualHash.ts';
import { isTruncated } from './truncation.ts';

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
      /** See perceptualHash; null for an image of one tone. */
      readonly perceptual: string | null;
      /** Whether the extension names another format. */
      readonly misnamed: boolean;
    }
  | { readonly usable: false; readonly kind: FindingKind; readonly found: string };

/**
 * Looks at one file: hash, content type by magic bytes, size, and one whole decode at reduced size, which finds
 * truncation and most damage (entropy-coded JPEG data that is wrong but complete decodes without complaint).
 */
export async function examine(bytes: Uint8Array, path: string): Promise<Examination> {
  if (bytes.length === 0) return { usable: false, kind: 'empty-file', found: 'it has no bytes' };
  const extension = extensionOf(path);
  const content = sniff(bytes, extension);
  if (content.type === 'unsupported') {
    return { usable: false, kind: 'unsupported-format', found: content.name };
  }
  if (content.type === 'other') return { usable: false, kind: 'not-an-image', found: 'no image format' };
  const { format } = content;
  try {
    const { image, width, height } = await openImage(bytes, format);
    const grey = await image
      .flatten({ background: '#ffffff' })
      .resize(hashSide, hashSide, { fit: 'fill', kernel: 'linear' })
      .greyscale()
      .raw({ depth: 'uchar' })
      .toBuffer();
    if (format === 'gif' && isTruncated(bytes, format)) {
      return { usable: false, kind: 'truncated', found: 'its first frame ends early' };
    }
    return {
      usable: true,
      id: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      width,
      height,
      format,
      perceptual: perceptualHash(grey),
      misnamed: !extensionFits(extension, format),
    };
  } catch (cause) {
    const failure = failureOf(cause, bytes, format);
    return { usable: false, kind: failure.problem, found: `${format}: ${failure.message}` };
  }
}
