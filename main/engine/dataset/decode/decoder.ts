import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { coreCount } from '../../runtime/threads.ts';
import { viewSource, type View } from '../augment/view.ts';
import type { DatasetSource } from '../source/source.ts';
import type { HeldPixels } from './heldPixels.ts';
import { orderedMap } from './pool/orderedMap.ts';
import type { DecodeTarget } from './pixels/pixels.ts';
import { createPool, type DecodePool, type PoolOptions } from './pool/pool.ts';
import type { WorkerReply, WorkerRequest } from './pool/protocol.ts';

/** An image of a dataset, and how it is wanted. */
export interface DecodedImage {
  readonly path: string;
  readonly view?: View;
}

export interface DecoderOptions extends PoolOptions {
  /** Pixels that were decoded before, of images or of what variations are taken of. */
  readonly held?: HeldPixels | undefined;
}

/** Turns images into pixels of one size, in worker threads. */
export interface Decoder {
  /**
   * Pixels `[height, width, 3]`, 8-bit RGB, of every image, in order, decoded a bounded number ahead. An image that
   * fails is a failed result and the rest go on. An image with a view is given as that view shows it. Throws
   * ThawFailure `cancelled` when the signal aborts.
   * @param isAlone whether nothing that takes the pixels keeps the cores busy meanwhile.
   */
  decode(
    source: DatasetSource,
    images: Iterable<DecodedImage>,
    target: DecodeTarget,
    signal?: AbortSignal,
    isAlone?: boolean,
  ): AsyncIterable<{ index: number; pixels: Result<Uint8Array> }>;
  /** One file outside a dataset. Errors: `input-missing`, `input-unsupported`, `input-corrupt`, `input-refused`. */
  decodeFile(file: string, target: DecodeTarget, view?: View): Promise<Result<Uint8Array>>;
  /** An encoded image in memory, which is handed over. Errors: as decodeFile. `name` is what messages call it. */
  decodeBytes(name: string, bytes: Uint8Array, target: DecodeTarget): Promise<Result<Uint8Array>>;
  close(): Promise<void>;
}

/**
 * Starts no thread until there is something to decode. By default every second core decodes, because what takes the
 * pixels keeps the others busy.
 */
export function createDecoder({ held, ...options }: DecoderOptions = {}): Decoder {
  const narrow = createPool({ workers: Math.ceil(coreCount() / 2), ...options });
  const wide = createPool(options);
  return {
    decode: (source, images, target, signal, isAlone = false) => {
      const pool = isAlone ? wide : narrow;
      return orderedMap(
        images,
        pool.capacity * 2,
        async (image, index) => ({
          index,
          pixels: await (image.view === undefined
            ? plainPixels(pool, held, source, image.path, target)
            : viewPixels(pool, held, source, { ...image, view: image.view }, target)),
        }),
        signal,
      );
    },
    decodeFile: (file, target, view) =>
      pixelsOf(narrow, file, target, () => Promise.resolve(ok({ file: path.resolve(file) })), view),
    decodeBytes: (name, bytes, target) =>
      pixelsOf(narrow, name, target, () => Promise.resolve(ok({ bytes }))),
    close: async () => {
      await Promise.all([narrow.close(), wide.close()]);
    },
  };
}

/** Lets the worker read the file itself where there is one; else reads the bytes here and hands them over. */
export function loaderFor(
  source: DatasetSource,
  datasetPath: string,
): () => Promise<Result<WorkerRequest['input']>> {
  return async () => {
    if (source.fileOf !== undefined) {
      const file = source.fileOf(datasetPath);
      return file.ok ? ok({ file: file.value }) : file;
    }
    const bytes = await source.read(datasetPath);
    return bytes.ok ? ok({ bytes: bytes.value }) : bytes;
  };
}

/** Of an image itself: those held, else decoded. */
async function plainPixels(
  pool: DecodePool,
  held: HeldPixels | undefined,
  source: DatasetSource,
  image: string,
  target: DecodeTarget,
): Promise<Result<Uint8Array>> {
  const before = held?.take({ location: source.location, path: image }, target) ?? null;
  return before === null ? pixelsOf(pool, image, target, loaderFor(source, image)) : ok(before);
}

/** Of a variation: taken of what is held, else of what is decoded, which is held if there is room. */
async function viewPixels(
  pool: DecodePool,
  held: HeldPixels | undefined,
  source: DatasetSource,
  { path: image, view }: Required<DecodedImage>,
  target: DecodeTarget,
): Promise<Result<Uint8Array>> {
  const wide = viewSource(target);
  const key = { location: source.location, path: image };
  const before = held?.look(key, wide) ?? null;
  if (before !== null) {
    const load = () => Promise.resolve(ok({ bytes: before.slice() }));
    const reply = await pool.run({ path: image, work: { type: 'view', target, view }, load });
    return asPixels(image, reply);
  }
  const keep = held !== undefined && held.isOf(wide) && held.reserve(key) !== null;
  const work = { type: 'decode', target, view, keep } as const;
  const reply = await pool.run({ path: image, work, load: loaderFor(source, image) });
  if (keep) {
    if (reply.ok && reply.value.type === 'pixels' && reply.value.source !== null)
      held.put(key, reply.value.source);
    else held.release(key);
  }
  return asPixels(image, reply);
}

async function pixelsOf(
  pool: DecodePool,
  image: string,
  target: DecodeTarget,
  load: () => Promise<Result<WorkerRequest['input']>>,
  view: View | null = null,
): Promise<Result<Uint8Array>> {
  const work = { type: 'decode', target, view, keep: false } as const;
  return asPixels(image, await pool.run({ path: image, work, load }));
}

function asPixels(image: string, reply: Result<WorkerReply>): Result<Uint8Array> {
  if (!reply.ok) return reply;
  return reply.value.type === 'pixels'
    ? ok(reply.value.pixels)
    : err(thawError('internal', `The decoder answered ${image} with no pixels.`));
}
