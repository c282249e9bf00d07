import type { JobEvent } from '../../../shared/ipc/events.ts';

/** What an operation may report. How a job ends, and that it is paused, is for the job itself to say. */
export type JobEventBody = Exclude<
  JobEvent['body'],
  { type: 'done' | 'failed' | 'holds' | 'paused' | 'resumed' }
>;

/** What a long operation gets from the job that runs it: a way to report, to be paused and to be cancelled. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** Aborts when the job is asked to end early but well. Only trainings heed it. */
  readonly stopping: AbortSignal;
  /** Reports progress; the job numbers it and passes it on. */
  emit(event: JobEventBody): void;
  /** Resolves at once while running, and when resumed or cancelled while paused. Call it between batches. */
  gate(): Promise<void>;
  /** Whether the job is paused. */
  isHeld(): boolean;
}

/** A context for callers that neither listen nor cancel. */
export function quietContext(): JobContext {
  return {
    signal: new AbortController().signal,
    stopping: new AbortController().signal,
    emit: () => undefined,
    gate: () => Promise.resolve(),
    isHeld: () => false,
  };
}

/** Passes messages on as warnings of a job. */
export function warningsOf(context: JobContext): (message: string) => void {
  return (message) => {
    context.emit({ type: 'log', level: 'warning', message });
  };
}
