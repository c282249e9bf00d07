import type { EpochMetrics } from '../../shared/domain/run.ts';
import type { JobEvent } from '../../shared/ipc/events.ts';
import type { CommonOptions } from './command.ts';
import type { Io } from './io.ts';

/** Shows a job's events on standard error. */
export interface ProgressView {
  show(event: JobEvent): void;
  /** Removes what is drawn. */
  end(): void;
}

type Body = JobEvent['body'];

export function progressView(io: Io, how: CommonOptions['progress']): ProgressView {
  const kind = how === 'auto' ? (io.isTerminal ? 'bar' : 'plain') : how;
  switch (kind) {
    case 'ndjson':
      return {
        // The result goes to standard output; here it is said only that it came.
        show: (event) => {
          const body = event.body.type === 'done' ? { type: 'done' } : event.body;
          io.err(`${JSON.stringify({ ...event, body })}\n`);
        },
        end: () => undefined,
      };
    case 'bar':
      return barView(io);
    case 'plain':
      return plainView(io);
  }
}

function barView(io: Io): ProgressView {
  let drawn = false;
  const clear = (): void => {
    if (drawn) io.err('\r\u001b[2K');
    drawn = false;
  };
  return {
    show({ body }) {
      const line = lineOf(body);
      const state = stateOf(body);
      if (line !== null) {
        clear();
        io.err(`${line}\n`);
      } else if (state !== null) {
        clear();
        io.err(`${bar(state)} ${state.text}`.slice(0, Math.max(20, io.columns - 1)));
        drawn = true;
      }
    },
    end: clear,
  };
}

const barWidth = 24;

function bar({ done, total }: State): string {
  if (total === null || total === 0) return `[${'·'.repeat(barWidth)}]`;
  const filled = Math.round(barWidth * Math.min(1, done / total));
  return `[${'█'.repeat(filled)}${' '.repeat(barWidth - filled)}]`;
}

/** One line at each tenth, so that a log stays short. */
function plainView(io: Io): ProgressView {
  let last = '';
  return {
    show({ body }) {
      const line = lineOf(body);
      if (line !== null) io.err(`${line}\n`);
      const state = stateOf(body);
      if (state === null || body.type === 'batch') return;
      const tenth = state.total === null ? -1 : Math.floor((10 * state.done) / Math.max(1, state.total));
      const stage = `${body.type} ${state.what} ${tenth}`;
      if (stage !== last) io.err(`${state.text}\n`);
      last = stage;
    },
    end: () => undefined,
  };
}

interface State {
  readonly what: string;
  readonly done: number;
  readonly total: number | null;
  readonly text: string;
}

/** What is under way. */
function stateOf(body: Body): State | null {
  switch (body.type) {
    case 'scan': {
      const of = body.total === null ? '' : ` of ${body.total}`;
      return { what: 'scan', done: body.done, total: body.total, text: `scanning: ${body.done}${of} files` };
    }
    case 'features': {
      const speed = body.imagesPerSecond > 0 ? `, ${body.imagesPerSecond.toFixed(0)} images/s` : '';
      const text = `frozen layers: ${body.done} of ${body.total} images${speed}`;
      return { what: 'features', done: body.done, total: body.total, text };
    }
    case 'batch': {
      const text = `epoch ${body.epoch}: loss ${body.loss.toFixed(4)}, accuracy ${percent(body.accuracy)}`;
      return { what: 'batch', done: body.batch, total: body.batches, text };
    }
    case 'progress': {
      const share = body.total === null ? '' : ` ${percent(body.done / Math.max(1, body.total))}`;
      return { what: body.what, done: body.done, total: body.total, text: `${body.what}${share}` };
    }
    default:
      return null;
  }
}

/** What is worth keeping on the screen. */
function lineOf(body: Body): string | null {
  switch (body.type) {
    case 'phase':
      return `${body.phase}: ${body.trainableParameters.toLocaleString('en')} trainable parameters from ${body.cut}, up to ${body.epochs} epochs`;
    case 'epoch':
      return epochLine(body.metrics);
    case 'log':
      return body.level === 'warning' ? `warning: ${body.message}` : body.message;
    case 'paused':
      return 'paused';
    case 'resumed':
      return 'going on';
    default:
      return null;
  }
}

function epochLine(epoch: EpochMetrics): string {
  const training = `loss ${epoch.loss.toFixed(4)} accuracy ${percent(epoch.accuracy)}`;
  const validation = `validation loss ${epoch.valLoss.toFixed(4)} accuracy ${percent(epoch.valAccuracy)}`;
  return `epoch ${String(epoch.epoch).padStart(3)}  ${training}  ${validation}  ${epoch.seconds.toFixed(1)} s`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
