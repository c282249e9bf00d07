import type { z } from 'zod';
import type { Job } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import type { JobResult } from '../../shared/ipc/results.ts';
import { jobResultSchemas } from '../../shared/ipc/results.ts';
import { thawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Bridge } from '../bridge/index.ts';

/** What someone who started or joined a job wants to hear of it, besides its end. */
export interface JobListener {
  /** The job's id, before its first event: with it the job can be paused, cancelled and joined. */
  readonly onId?: (jobId: string) => void;
  /** Every event, the last one included. */
  readonly onEvent?: (body: JobEvent['body'], time: string) => void;
}

let bridge: Bridge | null = null;
/** Who follows which job. */
const followers = new Map<string, (event: JobEvent) => void>();

export function connectBridge(connected: Bridge): void {
  bridge = connected;
}

/** The key that image addresses carry. */
export function engineToken(): string {
  return bridge?.token ?? '';
}

/**
 * Runs a job of the engine to its end and gives what it hands over. Errors: those of the job, `cancelled` among them,
 * and engine-crashed without a connection.
 */
export async function runJob<Name extends Job['job']>(
  job: Extract<Job, { job: Name }>,
  listener: JobListener = {},
): Promise<Result<JobResult<Name>>> {
  const started = await bridge?.start(job);
  if (started?.ok !== true) return started ?? disconnected();
  return follow(job.job, started.value, listener);
}

/**
 * Follows a job that was started before, from its first event on. Errors: as `runJob`; usage when the engine does not
 * know the job any more.
 */
export async function joinJob<Name extends Job['job']>(
  name: Name,
  jobId: string,
  listener: JobListener = {},
): Promise<Result<JobResult<Name>>> {
  const end = follow(name, jobId, listener);
  const joined = await bridge?.join(jobId, 0);
  if (joined?.ok === true) return end;
  followers.delete(jobId);
  return joined ?? disconnected();
}

/** Pauses, continues, cancels or (a training) stops well a running job. */
export async function controlJob(
  type: 'pause' | 'unpause' | 'cancel' | 'stop',
  jobId: string,
): Promise<Result<unknown>> {
  return (await bridge?.control(type, jobId)) ?? disconnected();
}

/** Lets a training pause before its next phase, or not after all. */
export async function holdJob(jobId: string, isOn: boolean): Promise<Result<unknown>> {
  return (await bridge?.hold(jobId, isOn)) ?? disconnected();
}

/** Hands an event of the bridge to whoever follows its job. */
export function passEvent(event: JobEvent): void {
  followers.get(event.jobId)?.(event);
}

function follow<Name extends Job['job']>(
  name: Name,
  jobId: string,
  { onId, onEvent }: JobListener,
): Promise<Result<JobResult<Name>>> {
  return new Promise((settle) => {
    followers.set(jobId, ({ body, time }) => {
      onEvent?.(body, time);
      if (body.type !== 'done' && body.type !== 'failed') return;
      followers.delete(jobId);
      if (body.type === 'failed') settle(err(body.error));
      else settle(parseResult(name, body.result));
    });
    onId?.(jobId);
  });
}

function parseResult<Name extends Job['job']>(name: Name, result: unknown): Result<JobResult<Name>> {
  const schema: z.ZodType = jobResultSchemas[name];
  const parsed = schema.safeParse(result);
  if (parsed.success) return ok(parsed.data as JobResult<Name>);
  return err(
    thawError('contract', `The engine ended the ${name} job with something the studio does not understand.`),
  );
}

function disconnected(): { readonly ok: false; readonly error: ReturnType<typeof thawError> } {
  return err(thawError('engine-crashed', 'There is no connection to the engine.'));
}
