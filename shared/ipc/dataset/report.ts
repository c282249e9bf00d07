import { z } from 'zod';
import { findingKinds } from '../../domain/dataset.ts';
import { count } from '../values.ts';

export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  severity: z.enum(['error', 'warning', 'info']),
  paths: z.array(z.string()).readonly(),
  message: z.string(),
  excluded: z.boolean(),
});

const sides = { train: count, validation: count, test: count };

/** `thaw inspect DATASET --json`. */
export const datasetReportSchema = z.object({
  dataset: z.string(),
  kind: z.enum(['folder', 'zip', 'csv', 'project']),
  location: z.string(),
  fingerprint: z.string(),
  images: count,
  bytes: count,
  classes: z.array(z.object({ class: z.string(), images: count, examples: z.array(z.string()), ...sides })),
  split: z.object(sides).nullable(),
  formats: z.record(z.string(), count),
  size: z
    .object({
      smallest: z.array(count).length(2),
      median: z.array(count).length(2),
      largest: z.array(count).length(2),
    })
    .nullable(),
  findingCounts: z.partialRecord(z.enum(findingKinds), count),
  findings: z.array(findingSchema),
  /** Classes without a usable image that a project keeps. */
  emptyClasses: z.array(z.string()),
  /** Images a project has set aside. */
  setAside: count,
});
export type DatasetSummary = z.infer<typeof datasetReportSchema>;

/** A variation of an image, see `viewNumber`, and the PNG it was written to. */
export const writtenViewSchema = z.object({
  image: z.string(),
  number: count,
  file: z.string(),
  /** The image it was mixed with, and how much of it is still its own. */
  mixed: z.object({ with: z.string(), share: z.number() }).exactOptional(),
});
export type WrittenView = z.infer<typeof writtenViewSchema>;
