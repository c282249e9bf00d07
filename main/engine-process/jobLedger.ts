import type { Job } from '../../shared/ipc/contract.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import { isQuery } from '../../shared/ipc/contract.ts';

interface Entry {
  readonly job: Job;
  lastSeq: number;
  ended: boolean;
}

interface Joiner {
  readonly listener: (event: JobEvent) => void;
  lastSeq: number;
}

/** The host's account of the jobs of one engine process: what runs, and who has seen which events. */
export class JobLedger {
  readonly #jobs = new Map<string, Entry>();
  readonly #joiners = new Map<string, Joiner[]>();

  started(id: string, job: Job): void {
    this.#jobs.set(id, { job, lastSeq: 0, ended: false });
  }

  jobOf(id: string): Job | undefined {
    return this.#jobs.get(id)?.job;
  }

  /** Jobs without an end so far. */
  running(): { id: string; job: Job; lastSeq: number }[] {
    return [...this.#jobs].flatMap(([id, { job, lastSeq, ended }]) => (ended ? [] : [{ id, job, lastSeq }]));
  }

  /** Events after `afterSeq` go to `listener`, each once. */
  join(id: string, afterSeq: number, listener: (event: JobEvent) => void): void {
    this.#joiners.set(id, [...(this.#joiners.get(id) ?? []), { listener, lastSeq: afterSeq }]);
  }

  leave(id: string, listener: (event: JobEvent) => void): void {
    this.#joiners.set(
      id,
      (this.#joiners.get(id) ?? []).filter((joiner) => joiner.listener !== listener),
    );
  }

  /** Gives the event to those who joined, and says whether it is new rather than replayed. */
  record(event: JobEvent): boolean {
    for (const joiner of this.#joiners.get(event.jobId) ?? []) {
      if (event.seq <= joiner.lastSeq) continue;
      joiner.lastSeq = event.seq;
      joiner.listener(event);
    }
    const entry = this.#jobs.get(event.jobId);
    if (!entry || event.seq <= entry.lastSeq) return false;
    entry.lastSeq = event.seq;
    if (event.body.type === 'done' || event.body.type === 'failed') {
      entry.ended = true;
      this.#joiners.delete(event.jobId);
      this.#forgetOldest();
    }
    return true;
  }

  #forgetOldest(): void {
    const ended = [...this.#jobs].filter(([, entry]) => entry.ended);
    for (const isOne of [true, false]) {
      const alike = ended.filter(([, { job }]) => isQuery(job) === isOne);
      for (const [id] of alike.slice(0, Math.max(0, alike.length - rememberedJobs))) this.#jobs.delete(id);
    }
  }
}

/** Ended jobs remembered, queries apart from the rest, as many as the engine process keeps for re-joining. */
const rememberedJobs = 16;
