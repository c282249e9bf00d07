import { z } from 'zod';
import { nextPhaseSchema, trainSettingsSchema } from './trainSettings.ts';

/** Jobs that train, and those about runs on disk. */
export const trainingJobs = [
  z.object({ job: z.literal('train'), settings: trainSettingsSchema, out: z.string().min(1) }),
  z.object({
    job: z.literal('resume'),
    run: z.string().min(1),
    /** Another plan from here on, in place of what was planned. */
    next: nextPhaseSchema.exactOptional(),
  }),
  /** Tries learning rates on the first phase of a training; nothing is written. */
  z.object({ job: z.literal('find-learning-rate'), settings: trainSettingsSchema }),
  /** The runs below a folder, or those of a project, newest first. */
  z.object({ job: z.literal('list-runs'), folder: z.string().min(1) }),
  z.object({ job: z.literal('read-run'), run: z.string().min(1) }),
  /** Gives a run a title; its folder stays where it is. */
  z.object({
    job: z.literal('rename-run'),
    run: z.string().min(1),
    title: z.string().trim().min(1).max(200),
  }),
  /** Deletes a run's folder for good. */
  z.object({ job: z.literal('delete-run'), run: z.string().min(1) }),
  /** Lists the kept features, or drops those no run is using. */
  z.object({ job: z.literal('cache'), action: z.enum(['list', 'clear']) }),
] as const;
