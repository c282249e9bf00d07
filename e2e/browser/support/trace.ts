/** One event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of its thread: what it would take were nothing else running. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: object };
}

/** A task of a page's main thread, and what it spent its time on. */
export interface MainThreadTask {
  /** Of the processor, not of the clock: another program's turn does not count. */
  readonly milliseconds: number;
  readonly parts: readonly string[];
}

/** The longest tasks of the busiest page in a trace of `toplevel` and `devtools.timeline` events, the longest first. */
export function longestTasks(trace: Buffer, most: number): MainThreadTask[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const ofThread = threads.map(({ pid, tid }) =>
    traceEvents.filter((one) => one.pid === pid && one.tid === tid && one.ph === 'X'),
  );
  const [events = []] = ofThread.sort((a, b) => b.length - a.length);
  const tasks = events.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask');
  if (tasks.length === 0) throw new Error('The trace has no tasks of a page');
  return tasks
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, most)
    .map((task) => ({
      milliseconds: timeOf(task),
      parts: events
        .filter((one) => one !== task && one.ts >= task.ts && one.ts < task.ts + (task.dur ?? 0))
        .sort((a, b) => timeOf(b) - timeOf(a))
        .slice(0, 5)
        .map((one) => `${one.name} ${timeOf(one).toFixed(1)} ms`),
    }));
}

function timeOf({ tdur, dur }: TraceEvent): number {
  return (tdur ?? dur ?? 0) / 1000;
}
