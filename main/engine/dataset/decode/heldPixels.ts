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
 * is decoded once on its way. Those that variations are taken of stay, for the next variation. Whatever does not fit the
 * budget is not held, and decoded again.
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

  /** How many more images there is room for. */
  get room(): number {
    return Math.floor(this.#left / this.#bytesPerImage);
  }

  /** Sets room aside for one more image; null when there is none. What is set aside is filled or given back. */
  reserve(): DecodeTarget | null {
    if (this.#left < this.#bytesPerImage) return null;
    this.#left -= this.#bytesPerImage;
    return this.#target;
  }

  /** Fills what was set aside. */
  put(image: HeldImage, pixels: Uint8Array): void {
    const key = keyOf(image);
    if (this.#pixels.has(key)) this.release();
    this.#pixels.set(key, pixels);
  }

  /** Gives back what was set aside for an image that has no pixels. */
  release(): void {
    this.#left += this.#bytesPerImage;
  }

  /** The pixels of an image, which are not held any longer; null where there are none of this size. */
  take(image: HeldImage, target: DecodeTarget): Uint8Array | null {
    const pixels = this.look(image, target);
    if (pixels !== null && this.#pixels.delete(keyOf(image))) this.release();
    return pixels;
  }

  /** The same pixels, which stay: they are not to be changed or handed over. */
  look(image: HeldImage, target: DecodeTarget): Uint8Array | null {
    return this.isOf(target) ? (this.#pixels.get(keyOf(image)) ?? null) : null;
  }

  /** Whether it holds pixels of this size and shape policy. */
  isOf({ width, height, resize }: DecodeTarget): boolean {
    const { width: heldWidth, height: heldHeight, resize: heldResize } = this.#target;
    return width === heldWidth && height === heldHeight && resize === heldResize;
  }

  /** Lets all others go. */
  keepOnly(images: Iterable<HeldImage>): void {
    const kept = new Set(Array.from(images, keyOf));
    for (const key of this.#pixels.keys()) if (!kept.has(key) && this.#pixels.delete(key)) this.release();
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
