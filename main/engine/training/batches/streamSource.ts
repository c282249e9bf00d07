import { viewNumber } from '../../../../shared/domain/views.ts';
import type { Decoder, DecodeTarget, DatasetSource } from '../../dataset/index.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { ViewChoice } from '../augment/sampleView.ts';
import { sampleView } from '../augment/sampleView.ts';
import type { LocatedImage } from '../features/extractFeatures.ts';
import type { PixelPrefix } from '../features/pixelPrefix.ts';
import type { Prefix } from '../features/prefix.ts';
import type { RowCodec } from '../features/rowCodec.ts';
import type { BatchSource, RawBatch } from './batchSource.ts';

export interface StreamRequest {
  readonly source: DatasetSource;
  readonly images: readonly LocatedImage[];
  readonly labels: Int32Array;
  readonly weights: Float32Array | null;
  readonly decoder: Decoder;
  readonly target: DecodeTarget;
  readonly prefix: Prefix | PixelPrefix;
  /** How what the prefix gives becomes values. */
  readonly codec: RowCodec;
  readonly view: ViewChoice;
}

/** Batches that are computed while the one before them is trained on. */
const ahead = 2;

/**
 * Decodes every image anew each epoch, in a view that the epoch's number decides, and runs the frozen layers on it:
 * nothing is kept. Decoding, the frozen layers and training overlap; memory holds a few batches.
 */
export function streamSource(request: StreamRequest, context: JobContext): BatchSource {
  const { prefix, images, labels, weights } = request;
  return {
    frontier: prefix.outputs,
    labels,
    weights,
    async *read(order, size, epoch) {
      const wanted = order.flatMap((position) => {
        const image = images[position];
        if (image === undefined) return [];
        return [
          { path: image.path, position, view: sampleView(request.view, image.id, viewNumber(epoch, 0)) },
        ];
      });
      const { width, height } = request.target;
      const pixelBytes = width * height * 3;
      const pending: Promise<RawBatch>[] = [];
      let positions: number[] = [];
      let pixels: Uint8Array[] = [];
      const launch = (): void => {
        const batch = computeBatch(request, positions, pixels, pixelBytes);
        // Observed when it is waited for; marked here so that a failure meanwhile is not unhandled.
        batch.catch(() => undefined);
        pending.push(batch);
        [positions, pixels] = [[], []];
      };
      let taken = 0;
      const decoded = request.decoder.decode(request.source, wanted, request.target, context.signal);
      for await (const one of decoded) {
        const position = wanted[one.index]?.position;
        if (position !== undefined && one.pixels.ok) {
          positions.push(position);
          pixels.push(one.pixels.value);
        }
        taken += 1;
        if (taken % size === 0 && positions.length > 0) launch();
        const next = pending.length > ahead ? pending.shift() : undefined;
        if (next !== undefined) yield await next;
      }
      if (positions.length > 0) launch();
      for (const batch of pending) yield await batch;
    },
  };
}

/** Spreads a batch over the prefix's lanes. */
async function computeBatch(
  { prefix, codec }: StreamRequest,
  positions: readonly number[],
  pixels: readonly Uint8Array[],
  pixelBytes: number,
): Promise<RawBatch> {
  const values = new Float32Array(positions.length * prefix.valuesPerImage);
  const each = Math.ceil(positions.length / prefix.lanes);
  const parts: Promise<void>[] = [];
  for (let start = 0; start < positions.length; start += each) {
    const own = pixels.slice(start, start + each);
    const joined = new Uint8Array(own.length * pixelBytes);
    for (const [index, image] of own.entries()) joined.set(image, index * pixelBytes);
    parts.push(
      prefix.run(joined, own.length).then((rows) => {
        const from = start * prefix.valuesPerImage;
        codec.decode(codec.encode(rows), values.subarray(from, from + own.length * prefix.valuesPerImage));
      }),
    );
  }
  await Promise.all(parts);
  return { positions, values };
}
