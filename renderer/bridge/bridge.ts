import type { EngineRequest, Job } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import type { HostCommand, HostReply, HostRequest } from '../../shared/ipc/studio/host.ts';
import type { Hello, HostMessage } from '../../shared/ipc/studio/studio.ts';
import { hostMessageSchema } from '../../shared/ipc/studio/studio.ts';
import type { ThawError } from '../../shared/errors.ts';
import { thawError, unreachable } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Transport } from './transport.ts';

export interface BridgeListener {
  hello(hello: Hello): void;
  event(event: JobEvent): void;
  error(error: ThawError): void;
  connected(isConnected: boolean): void;
  /** Something was chosen in the window's menu, or opened from the desktop. */
  command(command: HostCommand): void;
}

/** A request without the id that the bridge gives it. */
type Ask<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never;

type Answer = Extract<HostMessage, { type: 'answer' }> | Exclude<HostReply, { type: 'command' }>;

/** The page's connection to its host: requests with answers, events in order, and a reconnect that loses none. */
export class Bridge {
  readonly transport: Transport;
  readonly #listener: BridgeListener;
  readonly #waiting = new Map<number, (answer: Result<Answer>) => void>();
  /** Jobs this page follows, and the last event seen of each. Events of others are not for it. */
  readonly #seen = new Map<string, number>();
  readonly #joining = new Map<string, number>();
  #nextId = 1;

  constructor(transport: Transport, listener: BridgeListener) {
    this.transport = transport;
    this.#listener = listener;
    transport.open({
      opened: () => {
        listener.connected(true);
        for (const [jobId, afterSeq] of [...this.#seen]) void this.#joinAgain(jobId, afterSeq);
      },
      message: (message) => {
        this.#receive(message);
      },
      lost: () => {
        this.#lost();
      },
    });
  }

  /** Key that addresses of images and uploads carry. */
  get token(): string {
    return this.transport.token;
  }

  /** Starts a job and gives its id. */
  async start(job: Job): Promise<Result<string>> {
    const answer = await this.#askEngine({ type: 'start', job });
    if (!answer.ok) return answer;
    return answer.value === null
      ? err(thawError('contract', 'The engine gave no job id.'))
      : ok(answer.value);
  }

  control(type: 'pause' | 'unpause' | 'cancel' | 'stop', jobId: string): Promise<Result<string | null>> {
    return this.#askEngine({ type, jobId });
  }

  /** Lets a training pause before its next phase, or not after all. */
  hold(jobId: string, isOn: boolean): Promise<Result<string | null>> {
    return this.#askEngine({ type: 'hold', jobId, isOn });
  }

  /** Follows a job from an event on: those recorded since come first, none twice. */
  async join(jobId: string, afterSeq: number): Promise<Result<string | null>> {
    this.#seen.delete(jobId);
    this.#joining.set(jobId, afterSeq);
    const answer = await this.#askEngine({ type: 'join', jobId, afterSeq });
    this.#joining.delete(jobId);
    return answer;
  }

  /** A job that is lost again while it is joined stays followed; one that nobody knows any more has failed. */
  async #joinAgain(jobId: string, afterSeq: number): Promise<void> {
    const joined = await this.join(jobId, afterSeq);
    if (joined.ok) return;
    this.#seen.set(jobId, afterSeq);
    if (joined.error.code === 'engine-crashed') return;
    const error = thawError('engine-crashed', 'The engine was started anew and knows nothing of this job.', {
      remedy: 'A run keeps its last checkpoint: resume it.',
    });
    const time = new Date().toISOString();
    this.#pass({ jobId, seq: afterSeq + 1, time, body: { type: 'failed', error } });
  }

  /** Asks the host itself; the answer is of the type that belongs to the request. */
  async askHost<Type extends 'chosen' | 'recents' | 'done'>(
    expected: Type,
    request: Ask<HostRequest>,
  ): Promise<Result<Extract<HostReply, { type: Type }>>> {
    const answer = await this.#ask(request);
    if (!answer.ok) return answer;
    if (answer.value.type !== expected)
      return err(thawError('contract', `The host answered ${request.type} with something else.`));
    return ok(answer.value as Extract<HostReply, { type: Type }>);
  }

  async #askEngine(request: Ask<EngineRequest>): Promise<Result<string | null>> {
    const answer = await this.#ask(request);
    if (!answer.ok) return answer;
    return answer.value.type === 'answer'
      ? ok(answer.value.jobId)
      : err(thawError('contract', `The engine answered ${request.type} with something else.`));
  }

  #ask(request: Ask<EngineRequest> | Ask<HostRequest>): Promise<Result<Answer>> {
    const id = this.#nextId++;
    return new Promise((settle) => {
      this.#waiting.set(id, settle);
      if (this.transport.send({ ...request, id })) return;
      this.#settle(id, err(thawError('engine-crashed', 'There is no connection to the engine.')));
    });
  }

  #lost(): void {
    this.#listener.connected(false);
    const lost = err(thawError('engine-crashed', 'The connection to the engine was lost.'));
    for (const id of [...this.#waiting.keys()]) this.#settle(id, lost);
  }

  #receive(arrived: unknown): void {
    const parsed = hostMessageSchema.safeParse(arrived);
    if (!parsed.success) {
      this.#listener.error(
        thawError('contract', 'The engine sent something the studio does not understand.'),
      );
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'hello':
        this.#listener.hello(message);
        return;
      case 'answer':
        // Events follow the answer, so from here on they count.
        if (message.jobId !== null && !this.#seen.has(message.jobId))
          this.#seen.set(message.jobId, this.#joining.get(message.jobId) ?? 0);
        this.#settle(message.id, ok(message));
        return;
      case 'chosen':
      case 'recents':
      case 'done':
        this.#settle(message.id, ok(message));
        return;
      case 'refusal':
        if (message.id === null) this.#listener.error(message.error);
        else this.#settle(message.id, err(message.error));
        return;
      case 'event':
        this.#pass(message.event);
        return;
      case 'command':
        this.#listener.command(message.command);
        return;
      case 'ready':
        return;
      default:
        unreachable(message);
    }
  }

  #settle(id: number, answer: Result<Answer>): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** After a reconnect an event may come twice. */
  #pass(event: JobEvent): void {
    const last = this.#seen.get(event.jobId);
    if (last === undefined || event.seq <= last) return;
    const isEnd = event.body.type === 'done' || event.body.type === 'failed';
    if (isEnd) this.#seen.delete(event.jobId);
    else this.#seen.set(event.jobId, event.seq);
    this.#listener.event(event);
  }
}
