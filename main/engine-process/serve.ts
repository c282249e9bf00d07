import { z } from 'zod';
import type { JobManager } from '../engine/jobs/jobManager.ts';
import type { EngineReply, EngineRequest } from '../../shared/ipc/contract.ts';
import { requestSchema } from '../../shared/ipc/contract.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Port } from './port.ts';

/**
 * Answers a host's requests from a job manager. Every message is parsed; one that is not in the contract gets a
 * refusal. `onEnd` is called when the host has gone or asked for the end; jobs are then cancelled, and have stopped,
 * so that what they write is whole.
 */
export function serve(port: Port, jobs: JobManager, onEnd: () => void): void {
  const send = (reply: EngineReply): void => {
    port.send(reply);
  };
  let connected = true;
  const end = async (): Promise<void> => {
    await jobs.cancelAll();
    if (connected) await port.flush();
    onEnd();
  };

  jobs.subscribe((event) => {
    send({ type: 'event', event });
  });
  port.onDisconnect(() => {
    connected = false;
    void end();
  });
  port.onMessage((message) => {
    const parsed = requestSchema.safeParse(message);
    if (!parsed.success) {
      send({ type: 'refusal', id: idOf(message), error: notInContract(parsed.error) });
      return;
    }
    const request = parsed.data;
    const answer = carryOut(jobs, request);
    if (!answer.ok) {
      send({ type: 'refusal', id: request.id, error: answer.error });
      return;
    }
    send({ type: 'answer', id: request.id, jobId: answer.value });
    if (request.type === 'join') {
      const replay = jobs.replay(request.jobId, request.afterSeq);
      if (replay.ok) for (const event of replay.value) send({ type: 'event', event });
    }
    if (request.type === 'shutdown') void end();
  });
  send({ type: 'ready', pid: process.pid });
}

/** The id of the job the request is about, or why it was refused. */
function carryOut(jobs: JobManager, request: EngineRequest): Result<string | null> {
  switch (request.type) {
    case 'start':
      return jobs.start(request.job);
    case 'pause':
      return about(request.jobId, jobs.pause(request.jobId));
    case 'hold':
      return about(request.jobId, jobs.hold(request.jobId, request.isOn));
    case 'unpause':
      return about(request.jobId, jobs.unpause(request.jobId));
    case 'cancel':
      return about(request.jobId, jobs.cancel(request.jobId));
    case 'stop':
      return about(request.jobId, jobs.stop(request.jobId));
    case 'join':
      return about(request.jobId, jobs.replay(request.jobId, request.afterSeq));
    case 'shutdown':
      return ok(null);
    default:
      return unreachable(request);
  }
}

function about(jobId: string, result: Result<unknown>): Result<string> {
  return result.ok ? ok(jobId) : result;
}

function notInContract(error: z.ZodError): ThawError {
  return thawError('contract', 'The engine process received a message that is not in its contract.', {
    expected: 'a request as declared in shared/ipc/contract.ts',
    found: z.prettifyError(error),
  });
}

function idOf(message: unknown): number | null {
  const id = z.object({ id: z.number().int() }).safeParse(message);
  return id.success ? id.data.id : null;
}
