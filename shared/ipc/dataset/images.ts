import { z } from 'zod';
import { findingKinds } from '../../domain/dataset.ts';
import { resizeSchema } from '../values.ts';

/** How a dataset's images are asked for and given: a page of a list, and one image as a picture. */

const split = z.enum(['train', 'validation', 'test']);
const inputSize = {
  width: z.number().int().min(8).max(4096),
  height: z.number().int().min(8).max(4096),
  resize: resizeSchema,
};

/** A random variation of an image, named as training names it: the same pixels wherever it is asked for. */
export const viewNameSchema = z.object({
  strength: z.enum(['light', 'strong']),
  flip: z.boolean(),
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** See `viewNumber`. */
  number: z.number().int().min(0).max(100_000),
});

/** How images are varied and then mixed: see TrainSettings. */
const mixNameSchema = viewNameSchema.omit({ number: true }).extend({
  strength: z.enum(['none', 'light', 'strong']),
  mixup: z.number().min(0).max(10),
  cutmix: z.number().min(0).max(10),
});

/** What an image is to a training: used, left out because of a finding, or set aside by the user. */
export const imageStates = ['used', 'unused', 'set-aside'] as const;
export type ImageState = (typeof imageStates)[number];

export const imageFilterSchema = z.object({
  /** Images of this class; null: of all. */
  label: z.string().nullable(),
  states: z.array(z.enum(imageStates)).readonly(),
  /** Used images on this side of the split; null: on any. */
  side: split.nullable(),
});
export type ImageFilter = z.infer<typeof imageFilterSchema>;

export const imageRowSchema = z.object({
  path: z.string(),
  /** Its class; null where its class was deleted. */
  label: z.string().nullable(),
  state: z.enum(imageStates),
  /** The side of the split it is on; null when it is not used. */
  side: split.nullable(),
  isPinned: z.boolean(),
  /** Pixels after EXIF orientation; 0 where it cannot be decoded. */
  width: z.number().int(),
  height: z.number().int(),
  /** Changes with the content: part of a picture's address. */
  version: z.string(),
});
export type ImageRow = z.infer<typeof imageRowSchema>;

export const imagePageSchema = z.object({
  /** Images that fit the filter. */
  total: z.number().int().min(0),
  images: z.array(imageRowSchema),
});
export type ImagePage = z.infer<typeof imagePageSchema>;

/** Most images of one page. */
export const mostRows = 5_000;

/** Findings of one kind, with their images. */
export const findingPageSchema = z.object({
  total: z.number().int().min(0),
  findings: z.array(
    z.object({
      kind: z.enum(findingKinds),
      severity: z.enum(['error', 'warning', 'info']),
      message: z.string(),
      excluded: z.boolean(),
      /** The first of its images; `count` says how many there are. */
      images: z.array(imageRowSchema),
      count: z.number().int(),
      /** What it names that is no image: a class, or a row of a CSV. */
      names: z.array(z.string()),
    }),
  ),
});
export type FindingPage = z.infer<typeof findingPageSchema>;

/** One image as a picture a page can show. */
export const renditionSchema = z.discriminatedUnion('as', [
  /** A JPEG that fits a square of so many pixels. */
  z.object({ as: z.literal('thumbnail'), side: z.union([z.literal(192), z.literal(768)]) }),
  /** A PNG of exactly the pixels a network with this input is given. */
  z.object({ as: z.literal('input'), ...inputSize }),
  /** A PNG of exactly the pixels a network is given when it trains on this variation. */
  z.object({ as: z.literal('view'), ...inputSize, view: viewNameSchema }),
  /** A PNG of this and other training images side by side, as a first step that takes pixels mixes them. */
  z.object({ as: z.literal('mixed'), ...inputSize, mix: mixNameSchema }),
]);
export type Rendition = z.infer<typeof renditionSchema>;

export const pictureSchema = z.object({
  /** Absolute path in the cache. */
  file: z.string(),
  type: z.enum(['image/jpeg', 'image/png']),
});
export type Picture = z.infer<typeof pictureSchema>;

/** A rendition in an address: `thumbnail-192`, `input-224x224-crop`, `view-224x224-crop-strong-flip-seed0-3`. */
export function renditionText(rendition: Rendition): string {
  if (rendition.as === 'thumbnail') return `thumbnail-${rendition.side}`;
  const { as, width, height, resize } = rendition;
  const input = `${as}-${width}x${height}-${resize}`;
  if (rendition.as === 'input') return input;
  if (rendition.as === 'mixed') {
    const { strength, flip, seed, mixup, cutmix } = rendition.mix;
    return `${input}-${strength}-${flip ? 'flip' : 'still'}-seed${seed}-mixup${mixup}-cutmix${cutmix}`;
  }
  const { strength, flip, seed, number } = rendition.view;
  return `${input}-${strength}-${flip ? 'flip' : 'still'}-seed${seed}-${number}`;
}

/** The counterpart of `renditionText`; null for what is none. */
export function parseRendition(text: string): Rendition | null {
  const parsed = renditionSchema.safeParse(partsOf(text));
  return parsed.success ? parsed.data : null;
}

function partsOf(text: string): unknown {
  const thumbnail = /^thumbnail-(\d+)$/.exec(text);
  if (thumbnail !== null) return { as: 'thumbnail', side: Number(thumbnail[1]) };
  const [, as, width, height, resize, rest = ''] = /^(\w+)-(\d+)x(\d+)-(\w+)(?:-(.+))?$/.exec(text) ?? [];
  const input = { as, width: Number(width), height: Number(height), resize };
  if (rest === '') return input;
  const [, strength, flip, seed, last = ''] = /^(\w+)-(flip|still)-seed(\d+)-(.+)$/.exec(rest) ?? [];
  const choice = { strength, flip: flip === 'flip', seed: Number(seed) };
  if (as === 'mixed') {
    const [, mixup, cutmix] = /^mixup(\d[\d.]*)-cutmix(\d[\d.]*)$/.exec(last) ?? [];
    return { ...input, mix: { ...choice, mixup: Number(mixup), cutmix: Number(cutmix) } };
  }
  const number = /^\d+$/.test(last) ? Number(last) : NaN;
  return as === 'view' ? { ...input, view: { ...choice, number } } : null;
}
