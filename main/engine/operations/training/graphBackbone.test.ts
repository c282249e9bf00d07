import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { sharedData } from '../../testing/judge.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

let dataset: string;
let place: string;
const shared = sharedData();

beforeAll(async () => {
  dataset = await makeColourDataset(14);
  place = await mkdtemp(path.join(tmpdir(), 'thaw-runs-'));
});

const settings = (more: Partial<TrainSettings> = {}): TrainSettings => ({
  ...defaultTrainSettings,
  dataset,
  epochs: 4,
  earlyStop: 0,
  imageSize: 64,
  ...more,
});

describe.skipIf(shared === null)('a GraphModel backbone (needs ../shared/data)', () => {
  it('trains a head, evaluates and predicts, and refuses to be thawed', async () => {
    const backbone = path.join(shared!, 'weights', 'mobilenet_v1_0.25_224_tfjs_graph');
    const out = path.join(place, 'graph');
    const wanted = settings({ backbone, imageSize: null, epochs: 6 });
    const result = must(await operations.train(wanted, out, quietContext()));
    const evaluation = must(await operations.evaluate(out, dataset, quietContext()));
    expect(evaluation.accuracy).toBeGreaterThanOrEqual(result.best.valAccuracy - 0.2);
    expect(evaluation.accuracy).toBeGreaterThan(0.6);
    const thawed = await operations.train(
      { ...wanted, freeze: 'none' },
      path.join(place, 'graph2'),
      quietContext(),
    );
    expect(!thawed.ok && thawed.error.message).toContain('GraphModel');
  });
});
