import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import { makeColourRuns } from '../../testing/colourRuns.ts';
import { operations } from '../index.ts';
import { sharedData } from '../../testing/judge.ts';
import { must } from '../../testing/must.ts';

const shared = sharedData();
const { dataset, place, settings } = await makeColourRuns(4);

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
