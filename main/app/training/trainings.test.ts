import { describe, expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import type { JobEvent } from '../../../shared/ipc/events.ts';
import { jobSchema } from '../../../shared/ipc/contract.ts';
import { isTraining, progressed, startedTraining, taskbarProgress } from './trainings.ts';

const settings = { ...defaultTrainSettings, dataset: '/d', backbone: 'b', epochs: 6, fineTuneEpochs: 4 };
const train = jobSchema.parse({ job: 'train', settings, out: '/r' });
const resume = jobSchema.parse({ job: 'resume', run: '/r' });
const batch = (epoch: number, done: number): JobEvent['body'] => ({
  type: 'batch',
  epoch,
  batch: done,
  batches: 10,
  loss: 1,
  accuracy: 0,
});

describe('the taskbar', () => {
  it('shows nothing without a training, and that something runs before the first step', () => {
    expect(taskbarProgress([])).toBeNull();
    expect(taskbarProgress([startedTraining(train, 0)])).toBe('busy');
  });

  it('shows the share of all phases’ epochs, and never goes back', () => {
    let training = progressed(startedTraining(train, 0), batch(3, 5));
    expect(taskbarProgress([training])).toBeCloseTo(0.25);
    training = progressed(training, batch(2, 5));
    expect(taskbarProgress([training])).toBeCloseTo(0.25);
    training = progressed(training, batch(14, 10));
    expect(taskbarProgress([training])).toBe(1);
  });

  it('shows that a resumed run runs: how long it is, only the engine knows', () => {
    const resumed = progressed(startedTraining(resume, 0), batch(3, 5));
    expect(taskbarProgress([resumed])).toBe('busy');
    expect(taskbarProgress([resumed, progressed(startedTraining(train, 0), batch(3, 5))])).toBe('busy');
  });
});

it('counts training and resuming as training, nothing else', () => {
  expect([train, resume].every(isTraining)).toBe(true);
  expect(isTraining({ job: 'inspect-model', model: 'b' })).toBe(false);
});
