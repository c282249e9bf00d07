import type { Operations } from '../engine/jobs/operations.ts';

/** What the command line is connected to; tests bring their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Calls the listener at each Ctrl-C until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  readonly operations: Operations;
}
