import os from 'node:os';
import type { DecodeTarget } from './pixels/pixels.ts';

/** What an image is known by: pixels of one dataset's images are not those of another's. */
export interface HeldImage {
  /** The dataset's location. */
  readonly location: string;
  readonly path: string;
}

/**
 * Pixels of images that were decoded while they were looked at, until what needs them next takes them: so that an image
 * is decoded once on its way. Whatever does not fit the budget is not held, and decoded again.
 */
export class HeldPixels {
  readonly #target: DecodeTarget;
  readonly #bytesPerImage: number;
  readonly #pixels = new Map<string, Uint8Array>();
  #left: number;

  constructor(target: DecodeTarget, budgetBytes: number = heldBudget()) {
    this.#target = target;
    this.#bytesPerImage = target.width * target.height * 3;
    this.#left = budgetBytes;
  }

  /** Sets room aside for one more image; null when there is none. What is set aside is filled or given back. */
  reserve(): DecodeTarget | null {
    if (this.#left < this.#bytesPerImage) return null;
    this.#left -= this.#bytesPerImage;
    return this.#target;
  }

  /** Fills what was set aside. */
  put(image: HeldImage, pixels: Uint8Array): void {
    this.#pixels.set(keyOf(image), pixels);
  }

  /** Gives back what was set aside for an image that has no pixels. */
  release(): void {
    this.#left += this.#bytesPerImage;
  }

  /** The pixels of an image, which are not held any longer; null where there are none of this size. */
  take(image: HeldImage, { width, height, resize }: DecodeTarget): Uint8Array | null {
    const { width: heldWidth, height: heldHeight, resize: heldResize } = this.#target;
    if (width !== heldWidth || height !== heldHeight || resize !== heldResize) return null;
    const key = keyOf(image);
    const pixels = this.#pixels.get(key) ?? null;
    if (this.#pixels.delete(key)) this.release();
    return pixels;
  }

  clear(): void {
    this.#left += this.#pixels.size * this.#bytesPerImage;
    this.#pixels.clear();
  }
}

/** Half a gigabyte (3,500 images of 224 px), or an eighth of what is free. */
function heldBudget(): number {
  return Math.min(2 ** 29, os.freemem() / 8);
}

function keyOf({ location, path }: HeldImage): string {
  return `${location}\n${path}`;
}
