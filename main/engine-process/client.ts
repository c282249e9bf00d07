import { z } from 'zod';
import type { EngineReply, EngineRequest, Job } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import { replySchema } from '../../shared/ipc/contract.ts';
import { checkDone } from '../../shared/ipc/results.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { EngineChild, Exit } from './child.ts';
import { JobLedger } from './jobLedger.ts';

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

export interface EngineClientOptions {
  readonly spawn: () => EngineChild;
  /** Crashes, each within `quickSeconds` of its start, after which the client gives up. */
  readonly quickCrashes?: number;
  readonly quickSeconds?: number;
  /** The wait before the first restart; it doubles with each quick crash. */
  readonly backoffSeconds?: number;
  /** How long a starting process may take to say that it is ready. */
  readonly readySeconds?: number;
}

type RequestBody = EngineRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

interface Pending {
  readonly request: RequestBody;
  readonly joiner?: { readonly afterSeq: number; readonly listener: (event: JobEvent) => void };
  readonly settle: (answer: Result<string | null>) => void;
}

type State =
  | { readonly name: 'starting' | 'ready'; readonly child: EngineChild; readonly since: number }
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'down'; readonly error: ThawError };

/**
 * The host's side of the engine process: sends requests, passes events on, notices a crash, fails the jobs it took
 * down, and starts the process again so that the host can offer to resume.
 */
export class EngineClient {
  readonly #options: Required<EngineClientOptions>;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();
  readonly #pending = new Map<number, Pending>();
  readonly #ledger = new JobLedger();
  /** Jobs of `run`, and who waits for their end. */
  readonly #private = new Map<string, (result: Result<unknown>) => void>();
  #unsent: number[] = [];
  #nextId = 1;
  #quick = 0;
  #closing = false;
  #readyTimer: NodeJS.Timeout | undefined;
  #state: State;

  constructor(options: EngineClientOptions) {
    this.#options = {
      quickCrashes: 4,
      quickSeconds: 20,
      backoffSeconds: 0.2,
      readySeconds: 60,
      ...options,
    };
    this.#state = this.#spawn(false);
  }

  /** Id of the running engine process, null while there is none. */
  get pid(): number | null {
    return 'child' in this.#state ? (this.#state.child.pid ?? null) : null;
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
    return answer.value === null ? err(protocol('an answer to `start` without a job id')) : ok(answer.value);
  }

  /** Runs a job to its end for the host itself: its events are told to nobody. Errors: those of the job. */
  run(job: Job): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      this.#send({
        request: { type: 'start', job },
        settle: (answer) => {
          if (!answer.ok) resolve(answer);
          else if (answer.value === null) resolve(err(protocol('an answer to `start` without a job id')));
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
    this.#closing = true;
    if (this.#state.name === 'waiting') clearTimeout(this.#state.timer);
    if ('child' in this.#state) {
      const { child } = this.#state;
      const gone = new Promise<void>((resolve) => {
        child.onExit(() => {
          resolve();
        });
      });
      void this.#ask({ type: 'shutdown' });
      const timer = setTimeout(() => {
        child.kill();
      }, graceSeconds * 1000);
      await gone;
      clearTimeout(timer);
    }
    this.#goDown(thawError('cancelled', 'The engine was closed.'));
  }

  #spawn(again: boolean): State {
    const child = this.#options.spawn();
    child.onMessage((message) => {
      this.#receive(message, again);
    });
    child.onExit((exit) => {
      this.#exited(exit);
    });
    this.#readyTimer = setTimeout(() => {
      child.kill();
    }, this.#options.readySeconds * 1000);
    return { name: 'starting', child, since: Date.now() };
  }

  #ask(request: RequestBody, joiner?: Pending['joiner']): Promise<Result<string | null>> {
    return new Promise((settle) => {
      this.#send({ request, settle, ...(joiner && { joiner }) });
    });
  }

  #send(pending: Pending): void {
    if (this.#state.name === 'down') {
      pending.settle(err(this.#state.error));
      return;
    }
    const id = this.#nextId++;
    this.#pending.set(id, pending);
    if (this.#state.name === 'ready') this.#state.child.send({ ...pending.request, id });
    else this.#unsent.push(id);
  }

  #receive(message: unknown, again: boolean): void {
    const parsed = replySchema.safeParse(message);
    if (!parsed.success) {
      this.#notify({ type: 'refused', error: protocol(z.prettifyError(parsed.error)) });
      return;
    }
    this.#handle(parsed.data, again);
  }

  #handle(reply: EngineReply, again: boolean): void {
    switch (reply.type) {
      case 'ready':
        this.#becomeReady(again, reply.pid);
        return;
      case 'answer': {
        const pending = this.#take(reply.id);
        if (pending?.request.type === 'start' && reply.jobId !== null)
          this.#ledger.started(reply.jobId, pending.request.job);
        if (pending?.request.type === 'join' && pending.joiner)
          this.#ledger.join(pending.request.jobId, pending.joiner.afterSeq, pending.joiner.listener);
        pending?.settle(ok(reply.jobId));
        return;
      }
      case 'refusal': {
        const pending = reply.id === null ? undefined : this.#take(reply.id);
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

  #becomeReady(again: boolean, pid: number): void {
    if (this.#state.name !== 'starting') return;
    clearTimeout(this.#readyTimer);
    const { child } = this.#state;
    this.#state = { ...this.#state, name: 'ready' };
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const id of unsent) {
      const pending = this.#pending.get(id);
      if (pending) child.send({ ...pending.request, id });
    }
    if (again) this.#notify({ type: 'restarted', pid });
  }

  #exited(exit: Exit): void {
    clearTimeout(this.#readyTimer);
    if (!('child' in this.#state)) return;
    const crash = crashed(exit);
    const quick = Date.now() - this.#state.since < this.#options.quickSeconds * 1000;
    this.#quick = quick ? this.#quick + 1 : 0;
    this.#state = { name: 'down', error: crash };
    // Requests the process never saw wait for the next one.
    for (const [id, pending] of [...this.#pending]) {
      if (this.#unsent.includes(id)) continue;
      this.#pending.delete(id);
      pending.settle(this.#closing && pending.request.type === 'shutdown' ? ok(null) : err(crash));
    }
    const lost = this.#ledger.running();
    const time = new Date().toISOString();
    for (const { id, lastSeq } of lost)
      this.#pass({ jobId: id, seq: lastSeq + 1, time, body: { type: 'failed', error: crash } });
    if (this.#closing) return;
    this.#comeBack();
    this.#notify({ type: 'crashed', exit, jobs: lost.map(({ id, job }) => ({ id, job })) });
    if (this.#quick >= this.#options.quickCrashes) this.#giveUp(crash);
  }

  #comeBack(): void {
    if (this.#quick >= this.#options.quickCrashes) return;
    const seconds = this.#options.backoffSeconds * 2 ** Math.max(0, this.#quick - 1);
    const timer = setTimeout(() => {
      this.#state = this.#spawn(true);
    }, seconds * 1000);
    this.#state = { name: 'waiting', timer };
  }

  #giveUp(crash: ThawError): void {
    const error = thawError(
      'engine-crashed',
      `The engine process ended ${this.#quick} times in a row; it stays off.`,
      {
        ...(crash.found !== undefined && { found: crash.found }),
        remedy: 'Run `thaw doctor` to check the native runtime, and see that there is enough free memory.',
      },
    );
    this.#goDown(error);
    this.#notify({ type: 'gave-up', error });
  }

  #goDown(error: ThawError): void {
    this.#state = { name: 'down', error };
    for (const pending of this.#pending.values()) pending.settle(err(error));
    this.#pending.clear();
    this.#unsent = [];
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #notify(notice: EngineNotice): void {
    for (const listener of [...this.#listeners]) listener(notice);
  }
}

function done(answer: Result<unknown>): Result<void> {
  return answer.ok ? ok(undefined) : answer;
}

function crashed(exit: Exit): ThawError {
  const how = exit.signal !== null ? `signal ${exit.signal}` : `exit code ${String(exit.code)}`;
  return thawError('engine-crashed', 'The engine process ended unexpectedly.', {
    found: how,
    remedy: 'The run keeps its last checkpoint: resume it. If it happens again, use a smaller batch size.',
  });
}

function protocol(found: string): ThawError {
  return thawError('contract', 'The engine process sent a message that is not in the contract.', { found });
}
