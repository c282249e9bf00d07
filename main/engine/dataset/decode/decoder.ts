import path from 'node:path';
import { thawError } from '../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import { coreCount } from '../../runtime/threads.ts';
import type { View } from '../augment/view.ts';
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
  /** Pixels that were decoded before. */
  readonly held?: HeldPixels | undefined;
}

/** Turns images into pixels of one size, in worker threads. */
export interface Decoder {
  /**
   * Pixels `[height, width, 3]`, 8-bit RGB, of every image, in order, decoded a bounded number ahead. An image that
   * fails is a failed result and the rest go on. An image with a view is given as that view shows it. Throws
   * ThawFailure `cancelled` when the signal aborts.
   */
  decode(
    source: DatasetSource,
    images: Iterable<DecodedImage>,
    target: DecodeTarget,
    signal?: AbortSignal,
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
  const workers = Math.ceil(coreCount() / 2);
  const pool = createPool({ workers, ...options });
  const heldOf = ({ location }: DatasetSource, { path, view }: DecodedImage, target: DecodeTarget) => {
    const pixels = view === undefined ? held?.take({ location, path }, target) : null;
    return pixels === null || pixels === undefined ? null : ok(pixels);
  };
  return {
    decode: (source, images, target, signal) =>
      orderedMap(
        images,
        pool.capacity * 2,
        async (image, index) => ({
          index,
          pixels:
            heldOf(source, image, target) ??
            (await pixelsOf(pool, image.path, target, loaderFor(source, image.path), image.view)),
        }),
        signal,
      ),
    decodeFile: (file, target, view) =>
      pixelsOf(pool, file, target, () => Promise.resolve(ok({ file: path.resolve(file) })), view),
    decodeBytes: (name, bytes, target) => pixelsOf(pool, name, target, () => Promise.resolve(ok({ bytes }))),
    close: () => pool.close(),
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

async function pixelsOf(
  pool: DecodePool,
  datasetPath: string,
  target: DecodeTarget,
  load: () => Promise<Result<WorkerRequest['input']>>,
  view: View | null = null,
): Promise<Result<Uint8Array>> {
  const work = { type: 'decode', target, view } as const;
  const reply: Result<WorkerReply> = await pool.run({ path: datasetPath, work, load });
  if (!reply.ok) return reply;
  return reply.value.type === 'pixels'
    ? ok(reply.value.pixels)
    : err(thawError('internal', `The decoder answered ${datasetPath} with no pixels.`));
}
