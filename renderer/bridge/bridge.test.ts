import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../shared/ipc/events.ts';
import type { HostCommand } from '../../shared/ipc/studio/host.ts';
import type { ThawError } from '../../shared/errors.ts';
import { Bridge } from './bridge.ts';
import type { TransportListener } from './transport.ts';

const time = '2026-01-02T03:04:05.000Z';

interface Sent {
  readonly type: string;
  readonly id: number;
  readonly [more: string]: unknown;
}

/** A bridge over a connection that the test makes, breaks, and answers for. */
function connected() {
  let listener: TransportListener | null = null;
  const line = { isOpen: true };
  const sent: Sent[] = [];
  const events: JobEvent[] = [];
  const errors: ThawError[] = [];
  const commands: HostCommand[] = [];
  const transport = {
    shell: 'browser' as const,
    token: 'key',
    open: (given: TransportListener) => {
      listener = given;
    },
    send: (message: unknown) => {
      if (line.isOpen) sent.push(message as Sent);
      return line.isOpen;
    },
    pathOf: () => null,
  };
  const bridge = new Bridge(transport, {
    hello: () => undefined,
    event: (event) => events.push(event),
    error: (error) => errors.push(error),
    connected: () => undefined,
    command: (command) => commands.push(command),
  });
  return {
    bridge,
    sent,
    events,
    errors,
    commands,
    say: (message: unknown) => listener?.message(message),
    answer: (jobId: string | null) => listener?.message({ type: 'answer', id: sent.at(-1)?.id, jobId }),
    event: (seq: number, type: 'paused' | 'resumed' = 'paused') =>
      listener?.message({ type: 'event', event: { jobId: 'a', seq, time, body: { type } } }),
    breakOff: () => {
      line.isOpen = false;
      listener?.lost();
    },
    comeBack: () => {
      line.isOpen = true;
      listener?.opened();
    },
  };
}

const seqs = (events: readonly JobEvent[]): number[] => events.map(({ seq }) => seq);
/** Lets what was awaited go on. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function following() {
  const one = connected();
  const started = one.bridge.start({ job: 'doctor', provision: false });
  one.answer('a');
  expect(await started).toEqual({ ok: true, value: 'a' });
  one.event(1);
  one.event(2);
  return one;
}

describe('a page whose connection breaks', () => {
  it('joins its job again after the last event it saw, and hears none twice and none too few', async () => {
    const one = await following();
    one.breakOff();
    one.comeBack();
    expect(one.sent.at(-1)).toMatchObject({ type: 'join', jobId: 'a', afterSeq: 2 });
    one.event(5);
    one.answer('a');
    await settle();
    for (const seq of [3, 4, 5, 5, 6]) one.event(seq);
    expect(seqs(one.events)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps following when it breaks again before the job is joined', async () => {
    const one = await following();
    one.breakOff();
    one.comeBack();
    one.breakOff();
    await settle();
    one.comeBack();
    expect(one.sent.at(-1)).toMatchObject({ type: 'join', jobId: 'a', afterSeq: 2 });
    one.answer('a');
    await settle();
    one.event(3);
    expect(seqs(one.events)).toEqual([1, 2, 3]);
  });

  it('learns that its job has failed when the host that comes back does not know it', async () => {
    const one = await following();
    one.breakOff();
    one.comeBack();
    const error = { code: 'usage', message: 'There is no job a.' };
    one.say({ type: 'refusal', id: one.sent.at(-1)?.id, error });
    await settle();
    expect(one.events.at(-1)).toMatchObject({
      jobId: 'a',
      seq: 3,
      body: { type: 'failed', error: { code: 'engine-crashed' } },
    });
  });

  it('gets an error for what it asked and was not answered, and for what it asks meanwhile', async () => {
    const one = connected();
    const asked = one.bridge.control('pause', 'a');
    one.breakOff();
    expect(await asked).toMatchObject({ ok: false, error: { code: 'engine-crashed' } });
    expect(await one.bridge.control('pause', 'a')).toMatchObject({ ok: false });
  });
});

it('does not pass on events of jobs it never asked for', async () => {
  const one = await following();
  one.say({ type: 'event', event: { jobId: 'b', seq: 1, time, body: { type: 'paused' } } });
  expect(one.events.every(({ jobId }) => jobId === 'a')).toBe(true);
});

it('asks the host and takes only the answer that belongs to the question', async () => {
  const one = connected();
  const chosen = one.bridge.askHost('chosen', { type: 'choose', choice: 'images' });
  one.say({ type: 'chosen', id: one.sent.at(-1)?.id, paths: ['/a.png'] });
  expect(await chosen).toMatchObject({ ok: true, value: { paths: ['/a.png'] } });
  const wrong = one.bridge.askHost('chosen', { type: 'choose', choice: 'images' });
  one.say({ type: 'done', id: one.sent.at(-1)?.id });
  expect(await wrong).toMatchObject({ ok: false, error: { code: 'contract' } });
});

it('passes on what the menu says, and refuses what is not in the contract', () => {
  const one = connected();
  one.say({ type: 'command', command: { name: 'go', station: 'insight' } });
  one.say({ type: 'command', command: { name: 'format', disk: 'c' } });
  expect(one.commands).toEqual([{ name: 'go', station: 'insight' }]);
  expect(one.errors).toMatchObject([{ code: 'contract' }]);
});
