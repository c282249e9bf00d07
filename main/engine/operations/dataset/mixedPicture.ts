import { createHash } from 'node:crypto';
import type { ImageRecord } from '../../../../shared/domain/dataset.ts';
import type { Picture, Rendition } from '../../../../shared/ipc/dataset/images.ts';
import { renditionText } from '../../../../shared/ipc/dataset/images.ts';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { DecodedImage } from '../../dataset/decode/decoder.ts';
import type { DatasetSource, Decoder } from '../../dataset/index.ts';
import { createDecoder } from '../../dataset/index.ts';
import { pngOf } from '../../dataset/decode/pixels/picture.ts';
import { quietContext } from '../../jobs/context.ts';
import { sampleView } from '../../training/augment/sampleView.ts';
import { holdDataset } from './held.ts';
import { mixPixels } from './mixed.ts';
import { keptPicture } from './pictureCache.ts';

type MixedRendition = Extract<Rendition, { as: 'mixed' }>;

/** Images of a picture, side by side. */
const mostMixed = 6;

let decoder: Decoder | null = null;

/**
 * An image and others of its dataset, from all over it, as the first step of a training mixes them, side by side.
 * Errors: those of holding the dataset and of decoding; input-missing for an image that is not used.
 */
export async function mixedPicture(
  location: string,
  image: string,
  rendition: MixedRendition,
): Promise<Result<Picture>> {
  const held = await holdDataset(location, quietContext());
  if (!held.ok) return held;
  const { source, dataset, split } = held.value;
  const step = stepFrom(split?.train ?? dataset.images, image);
  if (step.length === 0)
    return err(thawError('input-missing', `${image} is none of the images to train on.`));
  const key = createHash('sha256')
    .update(JSON.stringify([1, step.map(({ id }) => id), renditionText(rendition)]))
    .digest('hex');
  return keptPicture(key, 'image/png', () => sheetOf(source, step, rendition));
}

/** The image and others in even distances after it. */
function stepFrom(images: readonly ImageRecord[], first: string): ImageRecord[] {
  const start = images.findIndex(({ path }) => path === first);
  if (start < 0) return [];
  const count = Math.min(mostMixed, images.length);
  return Array.from({ length: count }, (_, index) => {
    const place = (start + Math.round((index * images.length) / count)) % images.length;
    return images.slice(place, place + 1);
  }).flat();
}

async function sheetOf(
  source: DatasetSource,
  step: readonly ImageRecord[],
  { width, height, resize, mix }: MixedRendition,
): Promise<Result<Uint8Array>> {
  const { strength, flip, seed, mixup, cutmix } = mix;
  const wanted = step.map(({ path, id }): DecodedImage => {
    return strength === 'none' ? { path } : { path, view: sampleView({ strength, flip, seed }, id, 0) };
  });
  // One thread, as for other pictures.
  decoder ??= createDecoder({ workers: 1 });
  const pixels: Uint8Array[] = [];
  for await (const one of decoder.decode(source, wanted, { width, height, resize })) {
    if (!one.pixels.ok) return one.pixels;
    pixels.push(one.pixels.value);
  }
  const mixed = mixPixels(pixels, { width, height }, { mixup, cutmix }, { seed, epoch: 1 });
  const sheet = new Uint8Array(mixed.length * width * height * 3);
  const line = width * 3;
  for (const [place, image] of mixed.entries())
    for (let row = 0; row < height; row += 1)
      sheet.set(image.pixels.subarray(row * line, (row + 1) * line), (row * mixed.length + place) * line);
  return ok(await pngOf(sheet, mixed.length * width, height));
}
