import type { ThawError } from '../../../../shared/errors.ts';
import type { View } from '../augment/view.ts';
import type { Examination } from './examine.ts';
import type { DecodeTarget } from './pixels.ts';

/** An image file made for looking at, not for computing with. */
export type PictureTarget =
  /** A JPEG that fits a square of so many pixels, never enlarged, transparency over white. */
  | { readonly as: 'thumbnail'; readonly side: number }
  /** A PNG of exactly the pixels a network is given. */
  | { readonly as: 'input'; readonly input: DecodeTarget };

/** Work for a decode worker, on a file it reads itself or on bytes it is given (transferred). */
export interface WorkerRequest {
  readonly id: number;
  /** Path for messages. */
  readonly path: string;
  readonly input: { readonly file: string } | { readonly bytes: Uint8Array };
  /** Decode to this target, make a picture, or examine. */
  readonly target: DecodeTarget | PictureTarget | null;
  /** A random variation to take of it; null for the image itself. */
  readonly view: View | null;
}

export type WorkerReply =
  | { readonly id: number; readonly type: 'pixels'; readonly pixels: Uint8Array }
  /** A whole JPEG or PNG file. */
  | { readonly id: number; readonly type: 'picture'; readonly file: Uint8Array }
  | { readonly id: number; readonly type: 'examination'; readonly examination: Examination }
  | { readonly id: number; readonly type: 'failed'; readonly error: ThawError };
