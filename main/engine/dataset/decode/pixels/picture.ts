import sharp from 'sharp';
import type { ImageFormat } from '../formats/format.ts';
import { failureOf, openImage } from './openImage.ts';
import type { View } from '../../augment/view.ts';
import type { PictureTarget } from '../pool/protocol.ts';
import { seenPixels } from './seenPixels.ts';

/** Makes a JPEG or PNG file for looking at, upright and in sRGB; of a variation only as a network's input. Throws ImageFailure. */
export async function makePicture(
  bytes: Uint8Array,
  format: ImageFormat,
  target: PictureTarget,
  view: View | null,
): Promise<Uint8Array> {
  if (target.as === 'input') {
    const { width, height } = target.input;
    const pixels = await seenPixels(bytes, format, target.input, view);
    return pngOf(pixels, width, height);
  }
  const { image } = await openImage(bytes, format);
  try {
    return await image
      .flatten({ background: '#ffffff' })
      .resize(target.side, target.side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .jpeg({ quality: 82 })
      .toBuffer();
  } catch (cause) {
    throw failureOf(cause, bytes, format);
  }
}

/** Pixels `[height, width, 3]` as a PNG. */
export function pngOf(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
}
