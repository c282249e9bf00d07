import { z } from 'zod';
import type { EngineReply, Job } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import { replySchema } from '../../shared/ipc/contract.ts';
import { checkDone } from '../../shared/ipc/results.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Exit } from './child.ts';
import { notInContract } from './failures.ts';
import { JobLedger } from './jobLedger.ts';
import type { Ending, KeptProcessOptions } from './keptProcess.ts';
import { KeptProcess } from './keptProcess.ts';
import type { Pending, RequestBody } from './outbox.ts';
import { Outbox } from './outbox.ts';

/** What a host is told. */
export type EngineNotice =
  | { readonly type: 'event'; readonly event: JobEvent }
  /** The process died; `jobs` were running and have each ended with a `failed` event of code `engine-crashed`. */
  | { readonly type: 'crashed'; readonly exit: Exit; readonly jobs: readonly { id: string; job: Job }[] }
  | { readonly type: 'restarted'; readonly pid: number }
  /** It crashed too often in a row and stays down until `start` is called on a new client. */
  | { readonly type: 'gave-up'; readonly error: ThawError }
  /** A message of either side was not in the contract. */
  | { readonly type: 'refused'; readonly error: ThawError };

/** How the process is kept; what is absent has its default. */
export type EngineClientOptions = Pick<KeptProcessOptions, 'spawn'> & Partial<KeptProcessOptions>;

/**
 * The host's side of the engine process: sends requests, passes events on, notices a crash, fails the jobs it took
 * down, and starts the process again so that the host can offer to resume.
 */
export class EngineClient {
  readonly #process: KeptProcess;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #outbox = new Outbox();
  readonly #ledger = new JobLedger();
  /** Jobs of `run`, and who waits for their end. */
  readonly #private = new Map<string, (result: Result<unknown>) => void>();

  constructor(options: EngineClientOptions) {
    const defaults = { quickCrashes: 4, quickSeconds: 20, backoffSeconds: 0.2, readySeconds: 60 };
    this.#process = new KeptProcess(
      { ...defaults, ...options },
      {
        message: (message) => {
          this.#receive(message);
        },
        ended: (ending) => {
          this.#ended(ending);
        },
      },
    );
  }

  /** Id of the running engine process, null while there is none. */
  get pid(): number | null {
    return this.#process.pid;
  }

  /** Jobs that were started and have not ended. */
  runningJobs(): { id: string; job: Job }[] {
    return this.#ledger.running().map(({ id, job }) => ({ id, job }));
  }

  subscribe(listener: (notice: EngineNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts a job; its events come through `subscribe` after the id is known. */
  async start(job: Job): Promise<Result<string>> {
    const answer = await this.#ask({ type: 'start', job });
    if (!answer.ok) return answer;
    return answer.value === null
      ? err(notInContract('an answer to `start` without a job id'))
      : ok(answer.value);
  }

  /** Runs a job to its end for the host itself: its events are told to nobody. Errors: those of the job. */
  run(job: Job): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      this.#send({
        request: { type: 'start', job },
        settle: (answer) => {
          if (!answer.ok) resolve(answer);
          else if (answer.value === null)
            resolve(err(notInContract('an answer to `start` without a job id')));
          else this.#private.set(answer.value, resolve);
        },
      });
    });
  }

  async pause(jobId: string): Promise<Result<void>> {
    return done(await this.#ask({ type: 'pause', jobId }));
  }

  /** Pauses a training before its next phase, or does not after all. */
  async hold(jobId: string, isOn: boolean): Promise<Result<void>> {
    return done(await this.#ask({ type: 'hold', jobId, isOn }));
  }

  async unpause(jobId: string): Promise<Result<void>> {
    return done(await this.#ask({ type: 'unpause', jobId }));
  }

  async cancel(jobId: string): Promise<Result<void>> {
    return done(await this.#ask({ type: 'cancel', jobId }));
  }

  /** Ends a training early but well. */
  async stop(jobId: string): Promise<Result<void>> {
    return done(await this.#ask({ type: 'stop', jobId }));
  }

  /** Hands `listener` the job's recorded events after `afterSeq`, then the live ones. */
  async join(
    jobId: string,
    afterSeq: number,
    listener: (event: JobEvent) => void,
  ): Promise<Result<() => void>> {
    const answer = await this.#ask({ type: 'join', jobId, afterSeq }, { afterSeq, listener });
    return answer.ok ? ok(() => this.#ledger.leave(jobId, listener)) : answer;
  }

  /** Ends the process: jobs are cancelled and have stopped; after `graceSeconds` it is killed. */
  async close(graceSeconds = 10): Promise<void> {
    const why = thawError('cancelled', 'The engine was closed.');
    const shutdown = (): void => void this.#ask({ type: 'shutdown' });
    await this.#process.close(shutdown, graceSeconds, why);
    this.#outbox.fail(why);
  }

  #ask(request: RequestBody, joiner?: Pending['joiner']): Promise<Result<string | null>> {
    return new Promise((settle) => {
      this.#send({ request, settle, ...(joiner && { joiner }) });
    });
  }

  #send(pending: Pending): void {
    const { down, send } = this.#process;
    if (down === null) this.#outbox.add(pending, send);
    else pending.settle(err(down));
  }

  #receive(message: unknown): void {
    const parsed = replySchema.safeParse(message);
    if (!parsed.success) {
      this.#notify({ type: 'refused', error: notInContract(z.prettifyError(parsed.error)) });
      return;
    }
    this.#handle(parsed.data);
  }

  #handle(reply: EngineReply): void {
    switch (reply.type) {
      case 'ready':
        this.#becomeReady(reply.pid);
        return;
      case 'answer': {
        const pending = this.#outbox.take(reply.id);
        if (pending?.request.type === 'start' && reply.jobId !== null)
          this.#ledger.started(reply.jobId, pending.request.job);
        if (pending?.request.type === 'join' && pending.joiner)
          this.#ledger.join(pending.request.jobId, pending.joiner.afterSeq, pending.joiner.listener);
        pending?.settle(ok(reply.jobId));
        return;
      }
      case 'refusal': {
        const pending = reply.id === null ? undefined : this.#outbox.take(reply.id);
        if (pending) pending.settle(err(reply.error));
        else this.#notify({ type: 'refused', error: reply.error });
        return;
      }
      case 'event':
        this.#pass(reply.event);
        return;
      default:
        unreachable(reply);
    }
  }

  #pass(arrived: JobEvent): void {
    const event = checkDone(arrived, this.#ledger.jobOf(arrived.jobId));
    const isNew = this.#ledger.record(event);
    const settle = this.#private.get(event.jobId);
    if (settle === undefined) {
      if (isNew) this.#notify({ type: 'event', event });
      return;
    }
    const { body } = event;
    if (body.type !== 'done' && body.type !== 'failed') return;
    this.#private.delete(event.jobId);
    settle(body.type === 'done' ? ok(body.result) : err(body.error));
  }

  #becomeReady(pid: number): void {
    const ready = this.#process.becomeReady();
    if (ready === null) return;
    this.#outbox.flush(ready.send);
    if (ready.isAgain) this.#notify({ type: 'restarted', pid });
  }

  #ended({ exit, error, isWanted, gaveUp }: Ending): void {
    this.#outbox.settleSent(({ type }) => (isWanted && type === 'shutdown' ? ok(null) : err(error)));
    const lost = this.#ledger.running();
    const time = new Date().toISOString();
    for (const { id, lastSeq } of lost)
      this.#pass({ jobId: id, seq: lastSeq + 1, time, body: { type: 'failed', error } });
    if (isWanted) return;
    this.#notify({ type: 'crashed', exit, jobs: lost.map(({ id, job }) => ({ id, job })) });
    if (gaveUp === null) return;
    this.#outbox.fail(gaveUp);
    this.#notify({ type: 'gave-up', error: gaveUp });
  }

  #notify(notice: EngineNotice): void {
    for (const listener of [...this.#listeners]) listener(notice);
  }
}

function done(answer: Result<unknown>): Result<void> {
  return answer.ok ? ok(undefined) : answer;
}
