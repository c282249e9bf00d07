import { z } from 'zod';

/** What `thaw doctor --json` prints. */
export const doctorReportSchema = z.object({
  /** True when training runs on the native runtime. */
  healthy: z.boolean(),
  trainer: z.string(),
  steps: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['ok', 'missing', 'failed', 'skipped']),
      /** What was found, in plain words. */
      detail: z.string(),
      /** What to do about it; null when there is nothing to do. */
      remedy: z.string().nullable(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
export type DoctorStep = DoctorReport['steps'][number];
