import { z } from 'zod';
import { datasetJobs } from './dataset/jobs.ts';
import { jobEventSchema } from './events.ts';
import { modelJobs } from './model/jobs.ts';
import { projectJobs } from './project/jobs.ts';
import { trainingJobs } from './training/jobs.ts';
import { thawErrorSchema } from './values.ts';

/**
 * Everything that crosses a process boundary, declared once with its schema. Both sides parse on arrival;
 * what is not declared is not sent.
 */

/** Jobs: long commands. Each answers with a job id at once, then with numbered events. */
export const jobSchema = z.discriminatedUnion('job', [
  ...trainingJobs,
  ...datasetJobs,
  ...projectJobs,
  ...modelJobs,
  z.object({ job: z.literal('doctor'), provision: z.boolean() }),
]);
export type Job = z.infer<typeof jobSchema>;

/** Small questions, asked by the thousand: nobody joins one again after its end. */
export function isQuery({ job }: Job): boolean {
  return job === 'list-images' || job === 'list-findings' || job === 'image-file' || job === 'predict-frame';
}

/** Requests to the engine process. Each is answered once, by `id`. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), id: z.number().int(), job: jobSchema }),
  z.object({ type: z.literal('pause'), id: z.number().int(), jobId: z.string() }),
  /** Pauses a training before its next phase; or does not after all. */
  z.object({ type: z.literal('hold'), id: z.number().int(), jobId: z.string(), isOn: z.boolean() }),
  z.object({ type: z.literal('unpause'), id: z.number().int(), jobId: z.string() }),
  z.object({ type: z.literal('cancel'), id: z.number().int(), jobId: z.string() }),
  /** Ends a training early but well: its best epoch is kept, and it is done. */
  z.object({ type: z.literal('stop'), id: z.number().int(), jobId: z.string() }),
  /** Replays events after `afterSeq`, then continues live. */
  z.object({ type: z.literal('join'), id: z.number().int(), jobId: z.string(), afterSeq: z.number().int() }),
  z.object({ type: z.literal('shutdown'), id: z.number().int() }),
]);
export type EngineRequest = z.infer<typeof requestSchema>;

/** Everything the engine process sends. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int() }),
  z.object({ type: z.literal('answer'), id: z.number().int(), jobId: z.string().nullable() }),
  z.object({ type: z.literal('refusal'), id: z.number().int().nullable(), error: thawErrorSchema }),
  z.object({ type: z.literal('event'), event: jobEventSchema }),
]);
export type EngineReply = z.infer<typeof replySchema>;
