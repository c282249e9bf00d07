import { z } from 'zod';
import { count } from '../values.ts';
import { projectViewSchema } from './project.ts';

/** A project after remedies were applied: how many images were set aside, and which settings changed. */
export const tidiedSchema = z.object({
  project: projectViewSchema,
  setAside: count,
  training: z.object({
    classWeights: z.literal('auto').exactOptional(),
    resize: z.literal('pad').exactOptional(),
  }),
});

export const addedImagesSchema = z.object({
  project: projectViewSchema,
  /** Paths in the project. */
  added: z.array(z.string()),
  /** Files that are no images Thaw decodes, and why. */
  refused: z.array(z.object({ file: z.string(), found: z.string() })),
});
