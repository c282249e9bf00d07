import { expect, it } from 'vitest';
import type { EpochMetrics } from '../../../shared/domain/run.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import type { Training } from './state.ts';
import { afterEvent, bounds, idle } from './state.ts';

const metrics = (epoch: number): EpochMetrics => ({
  epoch,
  phase: 'head',
  loss: 1 / epoch,
  accuracy: 0.5,
  valLoss: 1,
  valAccuracy: 0.5,
  learningRate: 0.01,
  seconds: 1,
  imagesPerSecond: 10,
});
const time = '2026-01-02T03:04:05.000Z';
const heard = (training: Training, body: JobEvent['body']): Training => afterEvent(training, { body, time });
const after = (events: readonly JobEvent['body'][]) => events.reduce(heard, idle);

it('stays bounded over a long training, and keeps every epoch', () => {
  let training = idle;
  for (let epoch = 1; epoch <= 1_500; epoch += 1) {
    for (let batch = 1; batch <= 8; batch += 1)
      training = heard(training, {
        type: 'batch',
        epoch,
        batch,
        batches: 8,
        loss: epoch === 700 && batch === 3 ? 99 : 1,
        accuracy: 0.5,
      });
    training = heard(training, { type: 'epoch', metrics: metrics(epoch) });
  }
  expect(training.epochs).toHaveLength(1_500);
  expect(training.batchLoss.length).toBeLessThanOrEqual(bounds.batchPoints);
  expect(Math.max(...training.batchLoss.map(({ y }) => y))).toBe(99);
  expect(training.batchLoss.at(-1)?.x).toBe(1_500);
});

it('replaces the epochs that are trained again after a run went on', () => {
  const events: JobEvent['body'][] = [1, 2, 3, 2].map((epoch) => ({
    type: 'epoch',
    metrics: metrics(epoch),
  }));
  expect(after(events).epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

it('is paused until it goes on, even while a step of before is still reported', () => {
  const batch = { type: 'batch', epoch: 1, batch: 1, batches: 2, loss: 1, accuracy: 0 } as const;
  expect(after([batch, { type: 'paused' }, batch]).state).toBe('paused');
  expect(after([{ type: 'paused' }, { type: 'resumed' }]).state).toBe('running');
});

it('tells a cancel from a failure', () => {
  const failed = (code: 'cancelled' | 'engine-crashed') =>
    after([{ type: 'failed', error: { code, message: 'm' } }]).state;
  expect([failed('cancelled'), failed('engine-crashed')]).toEqual(['stopped', 'failed']);
});
