import type { EngineRequest, Job, JobEvent } from '../shared/ipc/contract.ts';
import type { Hello } from '../shared/ipc/studio.ts';
import { hostMessageSchema } from '../shared/ipc/studio.ts';
import type { ThawError } from '../shared/errors.ts';
import { thawError } from '../shared/errors.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';

export interface BridgeListener {
  hello(hello: Hello): void;
  event(event: JobEvent): void;
  error(error: ThawError): void;
  connected(isConnected: boolean): void;
}

type Ask = EngineRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/** The page's connection to the engine: requests with answers, events in order, and a reconnect that loses none. */
export class Bridge {
  readonly #token: string;
  readonly #listener: BridgeListener;
  readonly #waiting = new Map<number, (answer: Result<string | null>) => void>();
  /** Jobs this page follows, and the last event seen of each. Events of others are not for it. */
  readonly #seen = new Map<string, number>();
  readonly #joining = new Map<string, number>();
  #socket: WebSocket | null = null;
  #nextId = 1;
  #delay = 250;

  constructor(token: string, listener: BridgeListener) {
    this.#token = token;
    this.#listener = listener;
    this.#connect();
  }

  get token(): string {
    return this.#token;
  }

  /** Starts a job and gives its id. */
  async start(job: Job): Promise<Result<string>> {
    const answer = await this.#ask({ type: 'start', job });
    if (!answer.ok) return answer;
    return answer.value === null
      ? err(thawError('contract', 'The engine gave no job id.'))
      : ok(answer.value);
  }

  control(type: 'pause' | 'unpause' | 'cancel', jobId: string): Promise<Result<string | null>> {
    return this.#ask({ type, jobId });
  }

  /** Follows a job from an event on: those recorded since come first, none twice. */
  async join(jobId: string, afterSeq: number): Promise<Result<string | null>> {
    this.#seen.delete(jobId);
    this.#joining.set(jobId, afterSeq);
    const answer = await this.#ask({ type: 'join', jobId, afterSeq });
    this.#joining.delete(jobId);
    return answer;
  }

  #connect(): void {
    const { protocol, host } = window.location;
    const scheme = protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${host}/engine?token=${encodeURIComponent(this.#token)}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#delay = 250;
      this.#listener.connected(true);
      for (const [jobId, afterSeq] of [...this.#seen]) void this.join(jobId, afterSeq);
    };
    socket.onmessage = ({ data }) => {
      this.#receive(String(data));
    };
    socket.onclose = () => {
      this.#listener.connected(false);
      const lost = err(thawError('engine-crashed', 'The connection to the engine was lost.'));
      for (const settle of this.#waiting.values()) settle(lost);
      this.#waiting.clear();
      window.setTimeout(() => {
        this.#connect();
      }, this.#delay);
      this.#delay = Math.min(5_000, this.#delay * 2);
    };
  }

  #ask(request: Ask): Promise<Result<string | null>> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.resolve(err(thawError('engine-crashed', 'There is no connection to the engine.')));
    const id = this.#nextId++;
    return new Promise((settle) => {
      this.#waiting.set(id, settle);
      socket.send(JSON.stringify({ ...request, id }));
    });
  }

  #receive(text: string): void {
    const parsed = hostMessageSchema.safeParse(JSON.parse(text));
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
        this.#settle(message.id, ok(message.jobId));
        return;
      case 'refusal':
        if (message.id === null) this.#listener.error(message.error);
        else this.#settle(message.id, err(message.error));
        return;
      case 'event':
        this.#pass(message.event);
        return;
      case 'ready':
        return;
    }
  }

  #settle(id: number, answer: Result<string | null>): void {
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

/** The key in the address `thaw serve` printed; kept for reloads, taken out of the address. */
export function takeToken(): string | null {
  const inAddress = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (inAddress !== null) {
    sessionStorage.setItem('token', inAddress);
    history.replaceState(null, '', window.location.pathname);
  }
  return sessionStorage.getItem('token');
}
