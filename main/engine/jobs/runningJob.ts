import type { Job } from '../../../shared/ipc/contract.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import type { ThawError } from '../../../shared/errors.ts';
import { ThawFailure, thawError } from '../../../shared/errors.ts';
import type { JobContext } from './context.ts';
import { Gate } from './gate.ts';
import type { Operations } from './operations.ts';
import { perform } from './operations.ts';
import { ReplayBuffer } from './replayBuffer.ts';

/** One job: numbers its events from 1 and ends with exactly one `done` or `failed`. */
export class RunningJob {
  readonly finished: Promise<void>;
  readonly replay: ReplayBuffer;
  readonly #abort = new AbortController();
  readonly #stop = new AbortController();
  readonly #gate = new Gate();
  readonly #publish: (event: JobEvent) => void;
  /** Whether it pauses before its next phase, and whether its first has begun. */
  #holds = false;
  #hasBegun = false;
  #seq = 0;
  #ended = false;

  constructor(
    readonly id: string,
    readonly job: Job,
    operations: Operations,
    options: { readonly replayLimit: number; readonly publish: (event: JobEvent) => void },
  ) {
    this.replay = new ReplayBuffer(options.replayLimit);
    this.#publish = options.publish;
    this.finished = this.#run(operations);
  }

  get ended(): boolean {
    return this.#ended;
  }

  pause(): void {
    if (this.#ended || this.#gate.closed) return;
    this.#gate.close();
    this.#emit({ type: 'paused' });
  }

  /** Pauses it when its next phase is about to begin; or not, after all. */
  hold(isOn: boolean): void {
    if (this.#ended || this.#holds === isOn) return;
    this.#holds = isOn;
    this.#emit({ type: 'holds', isOn });
  }

  unpause(): void {
    if (this.#ended || !this.#gate.closed) return;
    this.#gate.open();
    this.#emit({ type: 'resumed' });
  }

  /** Asks the operation to stop at its next safe place; a paused one is let go for it. */
  cancel(): void {
    this.#abort.abort(new ThawFailure(cancelled()));
    this.#gate.open();
  }

  /** Asks the operation to end early but well; a paused one is let go for it. */
  stop(): void {
    if (this.#ended) return;
    this.#stop.abort(new ThawFailure(cancelled()));
    this.unpause();
  }

  async #run(operations: Operations): Promise<void> {
    // The caller has the id, and its listeners, before the first event.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const context: JobContext = {
      signal: this.#abort.signal,
      stopping: this.#stop.signal,
      emit: (body) => {
        this.#emit(body);
        if (body.type === 'phase') this.#phaseBegins();
      },
      gate: () => this.#gate.pass(),
      isHeld: () => this.#gate.closed,
    };
    try {
      if (this.#abort.signal.aborted) throw new ThawFailure(cancelled());
      const result = await perform(operations, this.job, context);
      this.#emit(
        result.ok ? { type: 'done', result: result.value } : { type: 'failed', error: result.error },
      );
    } catch (thrown) {
      this.#emit({ type: 'failed', error: this.#explain(thrown) });
    }
  }

  #phaseBegins(): void {
    const isNext = this.#hasBegun;
    this.#hasBegun = true;
    if (!isNext || !this.#holds) return;
    this.hold(false);
    this.pause();
  }

  #explain(thrown: unknown): ThawError {
    if (thrown instanceof ThawFailure) return thrown.thaw;
    if (this.#abort.signal.aborted && thrown instanceof Error && thrown.name === 'AbortError')
      return cancelled();
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    return thawError('internal', `The ${this.job.job} job stopped on an unexpected error: ${what}`, {
      remedy: 'Run it again with --verbose and report the details it prints.',
      ...(thrown instanceof Error && thrown.stack !== undefined && { detail: thrown.stack }),
    });
  }

  /** What comes after the end (a late progress report of a worker) is not part of the job any more. */
  #emit(body: JobEvent['body']): void {
    if (this.#ended) return;
    this.#ended = body.type === 'done' || body.type === 'failed';
    this.#seq += 1;
    const event = { jobId: this.id, seq: this.#seq, time: new Date().toISOString(), body };
    this.replay.push(event);
    this.#publish(event);
  }
}

function cancelled(): ThawError {
  return thawError('cancelled', 'The job was cancelled.');
}
