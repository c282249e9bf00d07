import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrainSettings } from '../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../shared/domain/run.ts';
import { makeColourDataset } from './colourDataset.ts';

/** What tests of whole trainings train on, where their runs go, and settings that take seconds. */
export interface ColourRuns {
  /** A folder of 42 images in three classes. */
  readonly dataset: string;
  readonly place: string;
  readonly settings: (more?: Partial<TrainSettings>) => TrainSettings;
}

/** @param epochs of the head, unless the settings say otherwise. */
export async function makeColourRuns(epochs: number): Promise<ColourRuns> {
  const dataset = await makeColourDataset(14);
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-runs-'));
  const base = { ...defaultTrainSettings, dataset, epochs, earlyStop: 0, imageSize: 64 };
  return { dataset, place, settings: (more = {}) => ({ ...base, ...more }) };
}
