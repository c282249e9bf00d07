import { z } from 'zod';
import { count, preprocessSchema } from '../values.ts';

/** One backbone of the catalogue, as `thaw backbones --json` prints it. */
export const catalogueEntrySchema = z.object({
  /** What `--backbone` takes. */
  name: z.string(),
  title: z.string(),
  family: z.string(),
  /** Side of the square image its weights were trained on, in pixels. */
  inputSize: count,
  preprocess: preprocessSchema,
  /** Without the classifier. */
  parameters: count,
  /** On disk; an estimate while the weights are not here. */
  bytes: count,
  /** Accuracy on ImageNet's validation images, one crop, as published; null where nobody published one. */
  top1: z.object({ percent: z.number(), source: z.string() }).nullable(),
  licence: z.string(),
  /** Where its weights come from. */
  source: z.string(),
  paper: z.string().nullable(),
  notes: z.array(z.string()).readonly(),
  /** Its blocks in order: where thawing can begin. */
  boundaries: z.array(z.string()).readonly(),
  /** `fetch`: they can be downloaded; `add`: they must be in a file the user has. */
  weights: z.enum(['bundled', 'here', 'fetch', 'add']),
  /** Whether it can be used at once. */
  available: z.boolean(),
  /** The file or folder its weights are in. */
  file: z.string().nullable(),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

export const catalogueSchema = z.array(catalogueEntrySchema);

/** How fast a backbone is on this machine. */
export const backboneSpeedSchema = z.object({
  name: z.string(),
  /** Side of the square image, in pixels. */
  imageSize: count,
  /** Images a second through the frozen backbone, many at a time. */
  imagesPerSecond: z.number(),
  /** For one image alone. */
  milliseconds: z.number(),
  /** What computed: "onnxruntime cpu", and on how many threads. */
  runtime: z.string(),
});
export type BackboneSpeed = z.infer<typeof backboneSpeedSchema>;
