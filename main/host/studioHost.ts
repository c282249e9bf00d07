import { z } from 'zod';
import type { EngineClient, EngineNotice } from '../engine-process/client.ts';
import type { HostCommand } from '../../shared/ipc/studio/host.ts';
import type { Greeting, Hello, HostMessage } from '../../shared/ipc/studio/studio.ts';
import { exportResultSchema } from '../../shared/ipc/model/exportResult.ts';
import { unreachable } from '../../shared/errors.ts';
import { Exports } from './files/exports.ts';
import type { HostActions } from './requests.ts';
import { answerPage } from './requests.ts';

export interface StudioHostOptions {
  readonly engine: EngineClient;
  readonly hello: Greeting;
  readonly actions: HostActions;
}

/** A page that is connected, whatever carries its messages. */
export interface HostConnection {
  /** Parses and carries out one message of the page. */
  receive(message: unknown): void;
  /** The page has gone; its jobs go on. */
  close(): void;
}

/** Between pages and the engine, the same for the window and the browser: who is connected, and who is told what. */
export class StudioHost {
  readonly #options: StudioHostOptions;
  readonly #pages = new Set<(message: HostMessage) => void>();
  readonly #datasets = new Set<string>();
  readonly #exports = new Exports();
  /** Commands for a page that is still to come. */
  #waiting: HostCommand[] = [];
  readonly #stopListening: () => void;

  constructor(options: StudioHostOptions) {
    this.#options = options;
    this.#stopListening = options.engine.subscribe((notice) => {
      const message = messageOf(notice);
      if (message === null) return;
      this.#remember(message);
      afterAnswers(() => {
        this.#tellAll(message);
      });
    });
  }

  /** What was opened as a dataset: only of these are images shown. */
  get datasets(): ReadonlySet<string> {
    return this.#datasets;
  }

  /** What was exported: only these files are given away. */
  get exports(): Exports {
    return this.#exports;
  }

  /** Greets a page and serves it. `send` may not throw. */
  connect(send: (message: HostMessage) => void): HostConnection {
    const leaving = new Set<() => void>();
    let isOpen = true;
    const tell = (message: HostMessage): void => {
      if (isOpen) send(message);
    };
    const { engine, actions } = this.#options;
    const asker = {
      engine,
      actions,
      send: tell,
      onLeave: (end: () => void) => {
        if (isOpen) leaving.add(end);
        else end();
      },
      afterAnswers,
    };
    this.#pages.add(tell);
    tell({ ...this.#options.hello, training: runningTraining(engine) });
    for (const command of this.#waiting.splice(0)) tell({ type: 'command', command });
    return {
      receive: (message) => void answerPage(asker, message),
      close: () => {
        isOpen = false;
        this.#pages.delete(tell);
        for (const end of leaving) end();
      },
    };
  }

  /** Tells the pages what was chosen in a menu; without a page yet, the first one to come. */
  command(command: HostCommand): void {
    if (this.#pages.size === 0) this.#waiting.push(command);
    else this.#tellAll({ type: 'command', command });
  }

  close(): void {
    this.#stopListening();
  }

  #tellAll(message: HostMessage): void {
    for (const tell of [...this.#pages]) tell(message);
  }

  /** Of a dataset that was inspected the images may be shown; what was exported may be taken away. */
  #remember(message: HostMessage): void {
    if (message.type !== 'event' || message.event.body.type !== 'done') return;
    const report = inspected.safeParse(message.event.body.result);
    if (report.success) this.#datasets.add(report.data.location);
    const exported = exportResultSchema.safeParse(message.event.body.result);
    if (exported.success) this.#exports.add(exported.data.directory, exported.data.files);
  }
}

const inspected = z.object({
  kind: z.enum(['folder', 'zip', 'csv', 'project']),
  fingerprint: z.string(),
  location: z.string(),
});

/** The engine runs one training at a time. */
function runningTraining(engine: EngineClient): Hello['training'] {
  for (const { id: jobId, job } of engine.runningJobs()) {
    if (job.job === 'train') return { jobId, run: job.out };
    if (job.job === 'resume') return { jobId, run: job.run };
  }
  return null;
}

/**
 * A job's first events may arrive together with the answer that names it. Answers go out at the end of their turn of
 * the event loop, events in the next: so a page knows a job before it hears of it.
 */
function afterAnswers(send: () => void): void {
  setImmediate(send);
}

/** What pages are told of the engine's notices. */
function messageOf(notice: EngineNotice): HostMessage | null {
  switch (notice.type) {
    case 'event':
      return { type: 'event', event: notice.event };
    case 'gave-up':
    case 'refused':
      return { type: 'refusal', id: null, error: notice.error };
    case 'crashed':
    case 'restarted':
      return null;
    default:
      return unreachable(notice);
  }
}
