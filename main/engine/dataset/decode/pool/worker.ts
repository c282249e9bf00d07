import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { thawError } from '../../../../../shared/errors.ts';
import { err, ok, type Result } from '../../../../../shared/result.ts';
import { applyView } from '../../augment/view.ts';
import { extensionOf } from '../../../../../shared/domain/imageNames.ts';
import { describeCause, readWholeFile } from '../../source/readFile.ts';
import { examine } from '../examine/examine.ts';
import { sniff, type ImageFormat } from '../formats/format.ts';
import { ImageFailure } from '../pixels/openImage.ts';
import { makePicture } from '../pixels/picture.ts';
import type { WorkerReply, WorkerRequest } from './protocol.ts';
import { seenPixels } from '../pixels/seenPixels.ts';

/** Entry of a decode worker thread: answers every request once, in any order. */

sharp.cache(false);
sharp.concurrency(1);

const port = parentPort;
if (port === null) throw new Error('The decode worker runs in a worker thread.');

/** Two at once hide reading a file behind decoding another; the contents of more would only lie in memory. */
const mostAtOnce = 2;
const waiting: WorkerRequest[] = [];
let busy = 0;

port.on('message', (request: WorkerRequest) => {
  waiting.push(request);
  next();
});

function next(): void {
  if (busy === mostAtOnce) return;
  const request = waiting.shift();
  if (request === undefined) return;
  busy += 1;
  void answer(request).then((reply) => {
    busy -= 1;
    port?.postMessage(reply, transferable(reply));
    next();
  });
}

function transferable(reply: WorkerReply): ArrayBuffer[] {
  switch (reply.type) {
    case 'pixels':
      return [reply.pixels, ...(reply.source === null ? [] : [reply.source])].map(
        ({ buffer }) => buffer as ArrayBuffer,
      );
    case 'picture':
      return [reply.file.buffer as ArrayBuffer];
    case 'examination':
      return reply.pixels === null ? [] : [reply.pixels.buffer as ArrayBuffer];
    case 'failed':
      return [];
  }
}

async function answer({ id, path, input, work }: WorkerRequest): Promise<WorkerReply> {
  try {
    const bytes = 'file' in input ? readWholeFile(input.file) : ok(input.bytes);
    if (!bytes.ok) return { id, type: 'failed', error: bytes.error };
    switch (work.type) {
      case 'examine': {
        const { examination, pixels } = await examine(bytes.value, path, work.wanted);
        return { id, type: 'examination', examination, pixels: pixels === null ? null : owned(pixels) };
      }
      case 'picture': {
        const { target, view } = work;
        const make = (image: Uint8Array, format: ImageFormat) => makePicture(image, format, target, view);
        const file = await decode(bytes.value, path, make);
        return file.ok
          ? { id, type: 'picture', file: owned(file.value) }
          : { id, type: 'failed', error: file.error };
      }
      case 'decode': {
        const { target, view, keep } = work;
        let source: Uint8Array | null = null;
        const kept = (pixels: Uint8Array) => {
          if (keep) source = owned(pixels);
        };
        const make = (image: Uint8Array, format: ImageFormat) =>
          seenPixels(image, format, target, view, kept);
        const pixels = await decode(bytes.value, path, make);
        return pixels.ok
          ? { id, type: 'pixels', pixels: owned(pixels.value), source }
          : { id, type: 'failed', error: pixels.error };
      }
      case 'view': {
        const pixels = applyView(bytes.value, work.target, work.view);
        return { id, type: 'pixels', pixels: owned(pixels), source: null };
      }
    }
  } catch (cause) {
    const error = thawError('internal', `${path} could not be decoded.`, { detail: describeCause(cause) });
    return { id, type: 'failed', error };
  }
}

async function decode(
  bytes: Uint8Array,
  path: string,
  work: (bytes: Uint8Array, format: ImageFormat) => Promise<Uint8Array>,
): Promise<Result<Uint8Array>> {
  const content = sniff(bytes, extensionOf(path));
  if (bytes.length === 0) return err(thawError('input-corrupt', `${path} is empty.`));
  if (content.type !== 'image') {
    return err(
      thawError('input-unsupported', `${path} is not an image Thaw can decode.`, {
        expected: 'JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP',
        ...(content.type === 'unsupported' ? { found: content.name } : {}),
      }),
    );
  }
  try {
    return ok(await work(bytes, content.format));
  } catch (cause) {
    if (!(cause instanceof ImageFailure)) throw cause;
    const code = cause.problem === 'too-large' ? 'input-refused' : 'input-corrupt';
    const what = { 'too-large': 'is too large', truncated: 'is cut short', broken: 'is damaged' }[
      cause.problem
    ];
    return err(thawError(code, `${path} ${what}.`, { found: cause.message }));
  }
}

/** Pixels in a buffer of their own: those of a native library, or of Node's shared pool, cannot be transferred. */
function owned(pixels: Uint8Array): Uint8Array {
  return new Uint8Array(pixels);
}
