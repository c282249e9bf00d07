import type { EngineRequest } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import type { ThawError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { err } from '../../shared/result.ts';

export type RequestBody = EngineRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

/** A request, and who waits for its answer. */
export interface Pending {
  readonly request: RequestBody;
  readonly joiner?: { readonly afterSeq: number; readonly listener: (event: JobEvent) => void };
  readonly settle: (answer: Result<string | null>) => void;
}

type Send = (message: unknown) => void;

/** Requests without an answer so far: those the process was sent, and those that wait until it is ready. */
export class Outbox {
  readonly #pending = new Map<number, Pending>();
  #unsent: number[] = [];
  #nextId = 1;

  /** Sends a request; without `send` it waits for `flush`. */
  add(pending: Pending, send: Send | null): void {
    const id = this.#nextId++;
    this.#pending.set(id, pending);
    if (send === null) this.#unsent.push(id);
    else send({ ...pending.request, id });
  }

  /** Sends what has waited, in its order. */
  flush(send: Send): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const id of unsent) {
      const pending = this.#pending.get(id);
      if (pending) send({ ...pending.request, id });
    }
  }

  /** The request that is answered; undefined when nobody waits for it. */
  take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Settles what the process has seen; what it never saw waits for the next one. */
  settleSent(answer: (request: RequestBody) => Result<string | null>): void {
    for (const [id, pending] of [...this.#pending]) {
      if (this.#unsent.includes(id)) continue;
      this.#pending.delete(id);
      pending.settle(answer(pending.request));
    }
  }

  /** Fails everything. */
  fail(error: ThawError): void {
    for (const pending of this.#pending.values()) pending.settle(err(error));
    this.#pending.clear();
    this.#unsent = [];
  }
}
