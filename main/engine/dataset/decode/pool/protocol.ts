import type { ThawError } from '../../../../../shared/errors.ts';
import type { View } from '../../augment/view.ts';
import type { Examination, ExaminationWanted } from '../examine/examine.ts';
import type { DecodeTarget } from '../pixels/pixels.ts';

/** An image file made for looking at, not for computing with. */
export type PictureTarget =
  /** A JPEG that fits a square of so many pixels, never enlarged, transparency over white. */
  | { readonly as: 'thumbnail'; readonly side: number }
  /** A PNG of exactly the pixels a network is given. */
  | { readonly as: 'input'; readonly input: DecodeTarget };

/** What is to be done with an image. */
export type ImageWork =
  /**
   * Its pixels; `view`: a random variation to take of it, null for the image itself. `keep`: whether what the variation
   * is taken of is wanted, too.
   */
  | {
      readonly type: 'decode';
      readonly target: DecodeTarget;
      readonly view: View | null;
      readonly keep: boolean;
    }
  /** A variation of what was kept: the input is pixels, not a file. */
  | { readonly type: 'view'; readonly target: DecodeTarget; readonly view: View }
  | { readonly type: 'picture'; readonly target: PictureTarget; readonly view: View | null }
  | { readonly type: 'examine'; readonly wanted: ExaminationWanted };

/** Work for a decode worker, on a file it reads itself or on bytes it is given (transferred). */
export interface WorkerRequest {
  readonly id: number;
  /** Path for messages. */
  readonly path: string;
  readonly input: { readonly file: string } | { readonly bytes: Uint8Array };
  readonly work: ImageWork;
}

export type WorkerReply =
  | {
      readonly id: number;
      readonly type: 'pixels';
      readonly pixels: Uint8Array;
      /** What they are a variation of, where it was to be kept. */
      readonly source: Uint8Array | null;
    }
  /** A whole JPEG or PNG file. */
  | { readonly id: number; readonly type: 'picture'; readonly file: Uint8Array }
  /** Pixels where they were wanted of a usable image. */
  | {
      readonly id: number;
      readonly type: 'examination';
      readonly examination: Examination;
      readonly pixels: Uint8Array | null;
    }
  | { readonly id: number; readonly type: 'failed'; readonly error: ThawError };
