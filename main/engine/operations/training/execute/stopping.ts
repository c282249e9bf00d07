import type { JobContext } from '../../../jobs/context.ts';

/** Whether a training was asked to end early and has something to keep. A cancel comes before a stop. */
export function isStopped(context: JobContext, epochs: number): boolean {
  return epochs > 0 && context.stopping.aborted && !context.signal.aborted;
}

/** A context in which a stop ends what is under way as a cancel would, once there is an epoch to keep. */
export function endedByStop(context: JobContext, epochs: number): JobContext {
  if (epochs === 0) return context;
  return { ...context, signal: AbortSignal.any([context.signal, context.stopping]) };
}
