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
  /** Images that room is set aside for: variations of one image that are decoded at once take room for it once. */
  readonly #expected = new Set<string>();
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

  /**
   * Sets room aside for an image; null when there is none, or when it is held or expected already. What is set aside is
   * filled or given back.
   */
  reserve(image: HeldImage): DecodeTarget | null {
    const key = keyOf(image);
    if (this.#left < this.#bytesPerImage || this.#expected.has(key) || this.#pixels.has(key)) return null;
    this.#expected.add(key);
    this.#left -= this.#bytesPerImage;
    return this.#target;
  }

  /** Fills what was set aside. */
  put(image: HeldImage, pixels: Uint8Array): void {
    const key = keyOf(image);
    if (!this.#expected.delete(key)) throw new Error(`No room was set aside for ${image.path}`);
    this.#pixels.set(key, pixels);
  }

  /** Gives back what was set aside for an image that has no pixels. */
  release(image: HeldImage): void {
    if (this.#expected.delete(keyOf(image))) this.#left += this.#bytesPerImage;
  }

  /** The pixels of an image, which are not held any longer; null where there are none of this size. */
  take(image: HeldImage, target: DecodeTarget): Uint8Array | null {
    const pixels = this.look(image, target);
    if (pixels !== null) this.#drop(keyOf(image));
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
    for (const key of this.#pixels.keys()) if (!kept.has(key)) this.#drop(key);
  }

  clear(): void {
    for (const key of this.#pixels.keys()) this.#drop(key);
  }

  #drop(key: string): void {
    if (this.#pixels.delete(key)) this.#left += this.#bytesPerImage;
  }
}

/** Half a gigabyte (3,500 images of 224 px), or an eighth of what is free. */
function heldBudget(): number {
  return Math.min(2 ** 29, os.freemem() / 8);
}

function keyOf({ location, path }: HeldImage): string {
  return `${location}\n${path}`;
}
