import type { JobContext } from '../../jobs/context.ts';

const everyMs = 1_000;

/** A context that tells beside its events, at most once a second, how much memory this process holds. */
export function reportingMemory(context: JobContext): JobContext {
  let last = -Infinity;
  return {
    ...context,
    emit(event) {
      context.emit(event);
      if (performance.now() - last < everyMs) return;
      last = performance.now();
      context.emit({ type: 'memory', bytes: process.memoryUsage.rss() });
    },
  };
}
