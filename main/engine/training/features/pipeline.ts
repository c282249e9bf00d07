import type { ThawError } from '../../../../shared/errors.ts';
import { ThawFailure, thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { FeatureCache } from './featureCache.ts';
import type { LocatedImage } from './extractFeatures.ts';
import type { PixelPrefix } from './pixelPrefix.ts';
import type { Prefix, Segment } from './prefix.ts';

const defaultBatch = 16;
const emitEveryMs = 100;

/** Carries batches through the frozen layers into a cache: several at once, stored in the order they came in. */
export class Pipeline {
  readonly #cache: FeatureCache;
  readonly #context: JobContext;
  readonly #total: number;
  readonly #fromCache: number;
  readonly #started = performance.now();
  #lastEvent = 0;
  #computed = 0;
  #failed = 0;
  #appended: Promise<void> = Promise.resolve();
  #running: Promise<void>[] = [];

  constructor(
    cache: FeatureCache,
    { total, fromCache }: { readonly total: number; readonly fromCache: number },
    context: JobContext,
  ) {
    this.#cache = cache;
    this.#context = context;
    this.#total = total;
    this.#fromCache = fromCache;
  }

  /** Takes decoded images; gives those that could not be decoded. */
  async runImages(
    decoded: AsyncIterable<{ index: number; pixels: Result<Uint8Array> }>,
    images: readonly LocatedImage[],
    prefix: Prefix | PixelPrefix,
    pixelBytes: number,
    batchSize: number = prefix.batchSize ?? defaultBatch,
  ): Promise<{ path: string; error: ThawError }[]> {
    const failed: { path: string; error: ThawError }[] = [];
    let ids: string[] = [];
    let pixels = new Uint8Array(batchSize * pixelBytes);
    const launch = async (): Promise<void> => {
      const full = ids.length === batchSize ? pixels : pixels.slice(0, ids.length * pixelBytes);
      const own = ids;
      await this.#launch(own, prefix.lanes, () => prefix.run(full, own.length));
      pixels = new Uint8Array(batchSize * pixelBytes);
      ids = [];
    };
    try {
      for await (const one of decoded) {
        const image = images[one.index];
        if (image === undefined) throw new Error('The decoder gave an image nobody asked for');
        if (one.pixels.ok) {
          pixels.set(one.pixels.value, ids.length * pixelBytes);
          ids.push(image.id);
        } else {
          failed.push({ path: image.path, error: one.pixels.error });
          this.#failed += 1;
        }
        if (ids.length === batchSize) await launch();
      }
      if (ids.length > 0) await launch();
    } finally {
      await this.#settle();
    }
    await this.#drain();
    return failed;
  }

  /** Takes rows of an earlier cut; gives the images whose rows were whole. */
  async runRows(
    earlier: FeatureCache,
    ids: readonly string[],
    segment: Segment,
    batchSize: number = segment.batchSize ?? defaultBatch,
  ): Promise<string[]> {
    const row = new Uint8Array(earlier.rowBytes);
    const size = earlier.valuesPerImage;
    const served: string[] = [];
    try {
      for (let start = 0; start < ids.length; start += batchSize) {
        const values = new Float32Array(batchSize * size);
        const here: string[] = [];
        for (const id of ids.slice(start, start + batchSize)) {
          if (!(await earlier.readRow(id, row))) continue;
          earlier.codec.decode(row, values.subarray(here.length * size, (here.length + 1) * size));
          here.push(id);
        }
        if (here.length === 0) continue;
        const full = values.slice(0, here.length * size);
        await this.#launch(here, segment.lanes, () => segment.run(full, here.length));
        served.push(...here);
      }
    } finally {
      await this.#settle();
    }
    await this.#drain();
    return served;
  }

  /** Reports where it ended. */
  async finish(): Promise<void> {
    await this.#drain();
    this.#report();
  }

  async #launch(
    ids: readonly string[],
    lanes: number,
    compute: () => Promise<Float32Array | Uint8Array>,
  ): Promise<void> {
    if (this.#running.length > lanes) await this.#running.shift();
    this.#appended = this.#store(ids, compute(), this.#appended);
    // Observed when it is waited for; marked here so that a failure meanwhile is not unhandled.
    this.#appended.catch(() => undefined);
    this.#running.push(this.#appended);
    await this.#context.gate();
    if (this.#context.signal.aborted) throw new ThawFailure(thawError('cancelled', 'The job was cancelled.'));
  }

  async #store(
    ids: readonly string[],
    values: Promise<Float32Array | Uint8Array>,
    before: Promise<void>,
  ): Promise<void> {
    const rows = await values;
    await before;
    await this.#cache.append(ids, rows);
    this.#computed += ids.length;
    if (performance.now() - this.#lastEvent > emitEveryMs) this.#report();
  }

  /** Waits for everything under way, whatever becomes of it. */
  async #settle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #drain(): Promise<void> {
    const running = this.#running;
    this.#running = [];
    await Promise.all(running);
  }

  #report(): void {
    this.#lastEvent = performance.now();
    const seconds = (this.#lastEvent - this.#started) / 1000;
    this.#context.emit({
      type: 'features',
      done: this.#fromCache + this.#computed + this.#failed,
      total: this.#total,
      fromCache: this.#fromCache,
      imagesPerSecond: this.#computed / seconds,
    });
  }
}
