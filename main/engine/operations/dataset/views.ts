import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import writeFileAtomic from 'write-file-atomic';
import { firstViews } from '../../../../shared/domain/views.ts';
import type { viewNameSchema } from '../../../../shared/ipc/dataset/images.ts';
import type { WrittenView } from '../../../../shared/ipc/dataset/report.ts';
import type { ThawError } from '../../../../shared/errors.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { Decoder, View } from '../../dataset/index.ts';
import { createDecoder } from '../../dataset/index.ts';
import { pngOf } from '../../dataset/decode/pixels/picture.ts';
import { readWholeFile } from '../../dataset/source/readFile.ts';
import type { JobContext } from '../../jobs/context.ts';
import type { AugmentRequest } from '../../jobs/operations.ts';
import { writeError } from '../../project/fileErrors.ts';
import { sampleView } from '../../training/augment/sampleView.ts';
import type { MixedImage } from './mixed.ts';
import { mixPixels } from './mixed.ts';

/** The variation of an image's bytes that training means by a name: by their hash, as a scan takes it. */
export function viewNamed(name: z.infer<typeof viewNameSchema>, bytes: Uint8Array): View {
  return sampleView(name, createHash('sha256').update(bytes).digest('hex'), name.number);
}

/** Most images that are mixed at once: all their pixels are in memory. */
const mostMixed = 256;

/**
 * Writes the variations of image files that a training with these settings is shown, as PNGs in a new or empty folder;
 * with MixUp or CutMix, as they are mixed with one another when they are one step.
 * Errors: usage, output-exists, output-unwritable, disk-full, input-missing, input-corrupt, input-unsupported,
 * cancelled.
 */
export async function augment(request: AugmentRequest, context: JobContext): Promise<Result<WrittenView[]>> {
  const refusal = refusalOf(request);
  if (refusal !== null) return err(refusal);
  const place = await emptyFolder(request.out);
  if (!place.ok) return place;
  const decoder = createDecoder({ workers: 1 });
  try {
    return await writeViews(request, decoder, context);
  } catch (cause) {
    return err(writeError(cause, request.out));
  } finally {
    await decoder.close();
  }
}

function refusalOf({ images, strength, mixup, cutmix }: AugmentRequest): ThawError | null {
  const isMixed = mixup > 0 || cutmix > 0;
  if (!isMixed && strength === 'none')
    return thawError('usage', 'Nothing is varied: neither --augment nor --mixup nor --cutmix.');
  if (!isMixed || (images.length >= 2 && images.length <= mostMixed)) return null;
  return thawError('usage', 'Images are mixed with one another.', {
    expected: `2 to ${mostMixed} images`,
    found: String(images.length),
  });
}

async function writeViews(
  request: AugmentRequest,
  decoder: Decoder,
  context: JobContext,
): Promise<Result<WrittenView[]>> {
  const { images, out, size, resize, mixup, cutmix, seed } = request;
  const target = { width: size, height: size, resize };
  const numbers = firstViews(request.views, request.views);
  const total = images.length * numbers.length;
  const written: { readonly index: number; readonly view: WrittenView }[] = [];
  const write = async (index: number, number: number, { pixels, other, share }: MixedImage) => {
    const image = images[index] ?? '';
    const file = path.join(out, nameOf(image, images.length > 1 ? index + 1 : null, number));
    await writeFileAtomic(file, await pngOf(pixels, size, size));
    const mixed = other === null ? {} : { mixed: { with: images[other] ?? '', share } };
    written.push({ index, view: { image, number, file, ...mixed } });
    context.emit({ type: 'progress', what: 'writing variations', done: written.length, total });
  };
  const isMixed = mixup > 0 || cutmix > 0;
  for (const number of numbers) {
    const step: Uint8Array[] = [];
    for (const [index, image] of images.entries()) {
      await context.gate();
      if (context.signal.aborted) return err(thawError('cancelled', 'Writing variations was cancelled.'));
      const view = viewOfFile(request, image, number);
      if (!view.ok) return view;
      const pixels = await decoder.decodeFile(image, target, view.value ?? undefined);
      if (!pixels.ok) return pixels;
      if (isMixed) step.push(pixels.value);
      else await write(index, number, { pixels: pixels.value, other: null, share: 1 });
    }
    const mixed = mixPixels(step, target, { mixup, cutmix }, { seed, epoch: number + 1 });
    for (const [index, image] of mixed.entries()) await write(index, number, image);
  }
  return ok(written.sort((a, b) => a.index - b.index).map(({ view }) => view));
}

/** The variation of a file; null for the image itself. */
function viewOfFile(
  { strength, flip, seed }: AugmentRequest,
  image: string,
  number: number,
): Result<View | null> {
  if (strength === 'none') return ok(null);
  const bytes = readWholeFile(image);
  return bytes.ok ? ok(viewNamed({ strength, flip, seed, number }, bytes.value)) : bytes;
}

/** Images of one name in several folders do not meet: each has its place in the list before its name. */
function nameOf(image: string, place: number | null, number: number): string {
  const stem = path.basename(image, path.extname(image));
  return `${place === null ? '' : `${place}-`}${stem}-${number}.png`;
}

async function emptyFolder(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return ok(undefined);
    return err(
      thawError('output-exists', `${folder} is not empty.`, {
        expected: 'a new or empty folder for the variations',
        remedy: 'Choose another folder with --out.',
      }),
    );
  } catch (cause) {
    return err(writeError(cause, folder));
  }
}
