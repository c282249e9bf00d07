import { describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/ipc/contract.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { thawError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import { operationsWith } from '../testing/fakeOperations.ts';
import type { JobContext } from './context.ts';
import { JobManager } from './jobManager.ts';
import { must } from '../testing/must.ts';

const trainJob: Job = {
  job: 'train',
  settings: { ...defaultTrainSettings, dataset: 'd', thaw: [], headUnits: [] },
  out: 'o',
};
const predictJob: Job = { job: 'predict', run: 'r', images: ['i'] };

const types = (events: readonly JobEvent[]): string[] => events.map(({ body }) => body.type);

describe('the job manager', () => {
  it('answers with an id, then numbers the events from 1 without gaps and ends once', async () => {
    const manager = new JobManager(
      operationsWith({
        predict: (_run, _images, context) => {
          for (let done = 0; done < 5; done += 1)
            context.emit({ type: 'progress', what: 'x', done, total: 5 });
          return Promise.resolve(ok([]));
        },
      }),
    );
    const events: JobEvent[] = [];
    manager.subscribe((event) => events.push(event));
    const id = must(manager.start(predictJob));
    expect(events).toEqual([]);
    await manager.finished(id);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(types(events).at(-1)).toBe('done');
    const late: JobEvent[] = [];
    must(manager.join(id, 4, (event) => late.push(event)));
    expect(late.map(({ seq }) => seq)).toEqual([5, 6]);
  });

  it('asks a training to stop well, lets a paused one go for it, and refuses it to other jobs', async () => {
    const manager = new JobManager(
      operationsWith({
        async train(_settings, _out, context) {
          while (!context.stopping.aborted) {
            await context.gate();
            await new Promise((resolve) => setImmediate(resolve));
          }
          return err(thawError('internal', `aborted: ${String(context.signal.aborted)}`));
        },
        predict: async (_run, _images, context) => {
          await context.gate();
          return ok([]);
        },
      }),
    );
    const events: JobEvent[] = [];
    manager.subscribe((event) => events.push(event));
    const id = must(manager.start(trainJob));
    must(manager.pause(id));
    must(manager.stop(id));
    await manager.finished(id);
    expect(types(events)).toEqual(['paused', 'resumed', 'failed']);
    expect(events.at(-1)!.body).toMatchObject({ error: { message: 'aborted: false' } });
    const other = manager.stop(must(manager.start(predictJob)));
    expect(!other.ok && other.error.code).toBe('usage');
    expect(manager.stop('unknown').ok).toBe(false);
  });

  it('pauses a training before its next phase when it was asked to, and not before its first', async () => {
    const phase = { type: 'phase', phase: 'head', epochs: 1, cut: 'c', trainableParameters: 1 } as const;
    const manager = new JobManager(
      operationsWith({
        train: async (_settings, _out, context) => {
          for (let number = 1; number <= 3; number += 1) {
            context.emit(phase);
            await context.gate();
          }
          return err(thawError('cancelled', `held: ${String(context.isHeld())}`));
        },
      }),
    );
    const events: JobEvent[] = [];
    manager.subscribe((event) => {
      events.push(event);
      if (event.body.type === 'paused') setImmediate(() => manager.unpause(event.jobId));
    });
    const id = must(manager.start(trainJob));
    must(manager.hold(id, true));
    await manager.finished(id);
    expect(types(events)).toEqual([
      ...['holds', 'phase', 'phase', 'holds', 'paused', 'resumed', 'phase', 'failed'],
    ]);
  });

  it('holds a paused job at its gate, lets it go on, and cancels a paused one', async () => {
    let steps = 0;
    const gated = async (context: JobContext) => {
      for (; steps < 3; steps += 1) {
        context.emit({ type: 'progress', what: 'step', done: steps, total: 3 });
        await context.gate();
        if (context.signal.aborted) return err(thawError('cancelled', 'cancelled'));
      }
      return ok([]);
    };
    const manager = new JobManager(operationsWith({ predict: (_run, _images, context) => gated(context) }));
    const events: JobEvent[] = [];
    const paused = new Promise<void>((resolve) => {
      manager.subscribe((event) => {
        events.push(event);
        if (event.body.type !== 'progress') return;
        if (event.body.done === 1) {
          manager.pause(event.jobId);
          resolve();
        }
      });
    });
    const first = must(manager.start(predictJob));
    await paused;
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toBe(1);
    manager.unpause(first);
    await manager.finished(first);
    expect(types(events)).toEqual(['progress', 'progress', 'paused', 'resumed', 'progress', 'done']);

    steps = 1;
    const second = must(manager.start(predictJob));
    manager.pause(second);
    manager.cancel(second);
    await manager.finished(second);
    expect(events.at(-1)!.body).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
  });

  it('refuses a second training while one runs, and turns a thrown error into one with a code', async () => {
    let fail = (): void => undefined;
    const manager = new JobManager(
      operationsWith({
        train: () =>
          new Promise((_, reject) => {
            fail = () => {
              reject(new TypeError('broken'));
            };
          }),
      }),
    );
    const events: JobEvent[] = [];
    manager.subscribe((event) => events.push(event));
    const id = must(manager.start(trainJob));
    await new Promise((resolve) => setImmediate(resolve));
    expect(manager.start(trainJob)).toMatchObject({ ok: false, error: { code: 'usage' } });
    fail();
    await manager.finished(id);
    expect(events.at(-1)!.body).toMatchObject({ type: 'failed', error: { code: 'internal' } });
    expect(manager.start(trainJob).ok).toBe(true);
  });

  it('keeps a bounded record, the epochs and the end always among it', async () => {
    const metrics = {
      epoch: 1,
      phase: 'head' as const,
      loss: 1,
      accuracy: 0,
      valLoss: 1,
      valAccuracy: 0,
      learningRate: 1,
      seconds: 1,
      imagesPerSecond: 1,
    };
    const manager = new JobManager(
      operationsWith({
        predict: (_run, _images, context) => {
          context.emit({ type: 'epoch', metrics });
          for (let batch = 0; batch < 1000; batch += 1)
            context.emit({ type: 'batch', epoch: 1, batch, batches: 1000, loss: 1, accuracy: 0 });
          return Promise.resolve(ok([]));
        },
      }),
      { replayLimit: 50 },
    );
    const id = must(manager.start(predictJob));
    await manager.finished(id);
    const replay = must(manager.replay(id, 0));
    expect(replay.length).toBeLessThanOrEqual(52);
    expect(types(replay)[0]).toBe('epoch');
    expect(types(replay).at(-1)).toBe('done');
  });
});
