import type { DecodeTarget } from '../decode/pixels/pixels.ts';
import { applyOperation } from './operations.ts';
import type { Operation } from './operations.ts';
import type { Affine } from './warp.ts';
import { warp } from './warp.ts';

/**
 * One random variation of an image, fully decided: the same view of the same image gives the same pixels anywhere.
 * Training and the studio's preview apply it with the same code.
 */
export interface View {
  /** Where each point of the result lies in the image. */
  readonly affine: Affine;
  /** Applied after the warp, in order. */
  readonly operations: readonly Operation[];
}

/** A view is cut out of a decoding this much larger, so that zooming in does not blur. */
const reserve = 1.25;

/** The size to decode to before a view of `target`'s size is taken. */
export function viewSource(target: DecodeTarget): DecodeTarget {
  return {
    ...target,
    width: Math.round(target.width * reserve),
    height: Math.round(target.height * reserve),
  };
}

/**
 * Takes a view of pixels decoded to `viewSource(target)`.
 * @returns 8-bit RGB [height, width, 3] of `target`'s size.
 */
export function applyView(pixels: Uint8Array, target: DecodeTarget, view: View): Uint8Array {
  const { width, height } = viewSource(target);
  const result = warp(pixels, width, height, target.width, target.height, view.affine);
  for (const operation of view.operations) applyOperation(result, target.width, target.height, operation);
  return result;
}
