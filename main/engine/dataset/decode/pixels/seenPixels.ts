import type { View } from '../../augment/view.ts';
import { applyView, viewSource } from '../../augment/view.ts';
import type { ImageFormat } from '../formats/format.ts';
import type { DecodeTarget } from './pixels.ts';
import { decodePixels } from './pixels.ts';

/**
 * The pixels a network is given, [height, width, 3]: of an image, or of a variation of it. The one way to them, for
 * training as for looking at them. Throws ImageFailure.
 * @param keep takes the pixels that a variation is taken of, for `applyView` to take others of.
 */
export async function seenPixels(
  bytes: Uint8Array,
  format: ImageFormat,
  target: DecodeTarget,
  view: View | null,
  keep?: (source: Uint8Array) => void,
): Promise<Uint8Array> {
  if (view === null) return decodePixels(bytes, format, target);
  const source = await decodePixels(bytes, format, viewSource(target));
  keep?.(source);
  return applyView(source, target, view);
}
