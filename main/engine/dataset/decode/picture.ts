import sharp from 'sharp';
import type { ImageFormat } from './format.ts';
import { failureOf, openImage } from './openImage.ts';
import { decodePixels } from './pixels.ts';
import type { PictureTarget } from './protocol.ts';

/** Makes a JPEG or PNG file for looking at, upright and in sRGB. Throws ImageFailure. */
export async function makePicture(
  bytes: Uint8Array,
  format: ImageFormat,
  target: PictureTarget,
): Promise<Uint8Array> {
  if (target.as === 'input') {
    const { width, height } = target.input;
    const pixels = await decodePixels(bytes, format, target.input);
    return sharp(pixels, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 3 })
      .toBuffer();
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
