import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../shared/ipc/contract.ts';
import { packageRoot } from '../engine/runtime/packageRoot.ts';
import { forkEngine } from './child.ts';
import type { EngineNotice } from './client.ts';
import { EngineClient } from './client.ts';

const predictJob = (image: string): Job => ({ job: 'predict', run: 'r', images: [image] });
let entry: string;
let client: EngineClient | null = null;

/** A real process with the engine's own serving code, over operations that wait, answer or die as the image's name says. */
beforeAll(async () => {
  entry = path.join(packageRoot, 'dist', 'engine-process-test', 'entry.mjs');
  await build({
    stdin: {
      contents: `
        import { JobManager } from './main/engine/jobs/jobManager.ts';
        import { operationsWith } from './main/engine/testing/fakeOperations.ts';
        import { hostPort } from './main/engine-process/port.ts';
        import { serve } from './main/engine-process/serve.ts';
        const operations = operationsWith({
          async predict(run, [image], context) {
            context.emit({ type: 'progress', what: image, done: 0, total: 1 });
            if (image === 'die') process.kill(process.pid, 'SIGKILL');
            if (image.startsWith('SIG')) process.kill(process.pid, image);
            if (image === 'wrong') return { ok: true, value: [{ label: 3 }] };
            if (image === 'wait') {
              await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
              return { ok: false, error: { code: 'cancelled', message: 'cancelled' } };
            }
            return { ok: true, value: [{ image, label: 'a', confidence: 1, probabilities: { a: 1 } }] };
          },
        });
        serve(hostPort(), new JobManager(operations), () => process.exit(0));`,
      resolveDir: packageRoot,
      loader: 'ts',
    },
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});

afterEach(async () => {
  await client?.close();
  client = null;
});

function open(quickCrashes = 4) {
  const opened = new EngineClient({ spawn: () => forkEngine({ entry }), backoffSeconds: 0.01, quickCrashes });
  client = opened;
  const notices: EngineNotice[] = [];
  const waiting = new Set<() => void>();
  opened.subscribe((notice) => {
    notices.push(notice);
    for (const check of waiting) check();
  });
  const until = (wanted: (notice: EngineNotice) => boolean): Promise<EngineNotice> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = notices.find(wanted);
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { client: opened, notices, until };
}

const isEnd = (notice: EngineNotice): boolean =>
  notice.type === 'event' && (notice.event.body.type === 'done' || notice.event.body.type === 'failed');

describe('the engine in its own process', () => {
  it('runs a job and passes on its events in order', async () => {
    const { client: engine, notices, until } = open();
    expect((await engine.start(predictJob('one'))).ok).toBe(true);
    await until(isEnd);
    const events = notices.flatMap((notice) => (notice.type === 'event' ? [notice.event] : []));
    expect(events.map(({ seq, body }) => [seq, body.type])).toEqual([
      [1, 'progress'],
      [2, 'done'],
    ]);
  });

  it('fails the jobs a crash took down, starts again and serves the next job', async () => {
    const { client: engine, until } = open();
    await engine.start(predictJob('die'));
    expect(await until(isEnd)).toMatchObject({ event: { body: { error: { code: 'engine-crashed' } } } });
    await until(({ type }) => type === 'restarted');
    const next = await engine.start(predictJob('two'));
    expect(next.ok).toBe(true);
    await until((notice) => notice.type === 'event' && notice.event.body.type === 'done');
  });

  // Windows ends a process by any signal alike.
  it.skipIf(process.platform === 'win32').each([
    ['SIGKILL', 'memory runs out', 'a smaller batch size'],
    ['SIGABRT', 'for want of memory', 'a smaller batch size'],
    ['SIGSEGV', 'outside its memory', 'thaw doctor'],
  ])('says what %s means, and what to do', async (signal, means, remedy) => {
    const { client: engine, until } = open();
    await engine.start(predictJob(signal));
    const end = await until(isEnd);
    if (end.type !== 'event' || end.event.body.type !== 'failed') throw new Error('It did not fail');
    const { error } = end.event.body;
    expect(error.found).toContain(signal);
    expect(error.found).toContain(means);
    expect(error.remedy).toContain('resume it');
    expect(error.remedy).toContain(remedy);
    await until(({ type }) => type === 'restarted');
    expect((await engine.start(predictJob('next'))).ok).toBe(true);
    await until((notice) => notice.type === 'event' && notice.event.body.type === 'done');
  });

  it('gives up after crashing again and again, and says so', async () => {
    const { client: engine, until } = open(2);
    await engine.start(predictJob('die'));
    await until(({ type }) => type === 'restarted');
    await engine.start(predictJob('die'));
    await until(({ type }) => type === 'gave-up');
    expect(await engine.start(predictJob('three'))).toMatchObject({
      ok: false,
      error: { code: 'engine-crashed' },
    });
  });

  it('replays a job to whoever joins late, and cancels it', async () => {
    const { client: engine, until } = open();
    const id = await engine.start(predictJob('wait'));
    if (!id.ok) throw new Error(id.error.message);
    await until((notice) => notice.type === 'event');
    const seen: string[] = [];
    expect((await engine.join(id.value, 0, ({ body }) => seen.push(body.type))).ok).toBe(true);
    await engine.cancel(id.value);
    await until(isEnd);
    expect(seen).toEqual(['progress', 'failed']);
  });

  it('refuses a result and a request that are not in the contract', async () => {
    const { client: engine, until } = open();
    await engine.start(predictJob('wrong'));
    expect(await until(isEnd)).toMatchObject({ event: { body: { error: { code: 'contract' } } } });
    const refused = await engine.start({ job: 'predict', run: 'r', images: [] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'contract' } });
  });
});
