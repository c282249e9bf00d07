import type { JobEvent } from '../../../shared/ipc/events.ts';

type EventType = JobEvent['body']['type'];

/**
 * Which events make room for others, first to last. `phase`, `epoch`, `paused`, `resumed`, `done` and `failed` are
 * not here: they are kept as long as the job is.
 */
const expendable: readonly (readonly EventType[])[] = [
  ['memory'],
  ['batch'],
  ['scan', 'features', 'progress'],
  ['log'],
];
const expendableTypes = new Set(expendable.flat());

export const defaultReplayLimit = 2_000;

/**
 * The events of one job, for those who join it late. Holds at most `limit` expendable events: above it every second
 * `memory` event is dropped, then `batch` events, then every second progress event, then every second log line. A replay may therefore
 * have gaps in its numbers, and tells how far layers went of the last epoch alone; the live stream has none.
 */
export class ReplayBuffer {
  #events: JobEvent[] = [];
  #expendable = 0;

  constructor(readonly limit: number = defaultReplayLimit) {}

  push(event: JobEvent): void {
    if (event.body.type === 'epoch') this.#forgetLayers();
    this.#events.push(event);
    if (!expendableTypes.has(event.body.type)) return;
    this.#expendable += 1;
    if (this.#expendable > this.limit) this.#thin();
  }

  /** Recorded events with a number above `seq`, in order. */
  after(seq: number): JobEvent[] {
    return this.#events.filter((event) => event.seq > seq);
  }

  /** Of how far layers went only the last epoch is wanted: a line for each of hundreds of layers. */
  #forgetLayers(): void {
    const at = this.#events.findLastIndex(({ body }) => body.type === 'epoch');
    const last = this.#events[at];
    if (last?.body.type !== 'epoch' || last.body.layers === undefined) return;
    this.#events[at] = { ...last, body: { type: 'epoch', metrics: last.body.metrics } };
  }

  /** Drops every second event of the first group that has two or more. */
  #thin(): void {
    for (const group of expendable) {
      let seen = 0;
      const kept = this.#events.filter((event) => !group.includes(event.body.type) || seen++ % 2 === 1);
      const dropped = this.#events.length - kept.length;
      if (seen < 2) continue;
      this.#events = kept;
      this.#expendable -= dropped;
      return;
    }
    const oldest = this.#events.findIndex((event) => expendableTypes.has(event.body.type));
    this.#events.splice(oldest, 1);
    this.#expendable -= 1;
  }
}
