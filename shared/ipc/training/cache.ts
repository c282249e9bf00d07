import { z } from 'zod';
import { count } from '../values.ts';

/** `thaw cache --json`: features of frozen layers, and what scans found in files, that are kept for the next run. */
export const cacheReportSchema = z.object({
  folder: z.string(),
  bytes: count,
  /** Above this, the least recently used are dropped. */
  limitBytes: count,
  entries: z.array(
    z.object({
      /** Empty for pixels, which any network can use. */
      backbone: z.string(),
      /** The layers whose outputs are kept; none for pixels. */
      layers: z.array(z.string()),
      images: count,
      encoding: z.enum(['float32', 'float16', 'pixels']),
      /** Features from a GPU are kept apart; null: from the processor. */
      device: z.literal('gpu').nullable(),
      /** [width, height] of the images. */
      size: z.tuple([count, count]),
      /** The variation's strength and number; null for the images themselves. */
      view: z.object({ strength: z.enum(['light', 'strong']), number: count }).nullable(),
      bytes: count,
      lastUsed: z.iso.datetime(),
    }),
  ),
  /** What is remembered of files that were looked at, so that unchanged ones are not decoded again. */
  scans: z.object({
    folder: z.string(),
    bytes: count,
    limitBytes: count,
    entries: z.array(
      z.object({
        /** The folder or archive the files are in. */
        place: z.string(),
        files: count,
        bytes: count,
        lastUsed: z.iso.datetime(),
      }),
    ),
  }),
  /** What `clear` dropped: features and scans. */
  dropped: z.object({ entries: count, scans: count, bytes: count }).nullable(),
});
export type CacheReport = z.infer<typeof cacheReportSchema>;
