import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import { must } from '../../testing/must.ts';
import { writeRepeatable } from '../../testing/repeatableRun.ts';
import { operations } from '../index.ts';

const answer = z.object({
  epochs: z.array(z.object({ loss: z.number(), valAccuracy: z.number(), valLoss: z.number() })),
});

describe.skipIf(judgeMissing !== null)('a whole run, repeated by Keras', () => {
  it('has the losses and accuracies of every epoch, of the head and of fine-tuning', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'thaw-repeated-'));
    const settings = {
      ...defaultTrainSettings,
      dataset: path.join(packageRoot, 'assets', 'sample'),
      epochs: 3,
      thawFrom: 'block_15',
      fineTuneEpochs: 2,
      fineTuneLearningRate: 1e-4,
      earlyStop: 0,
      seed: 3,
    };
    const folder = path.join(place, 'repeatable');
    await writeRepeatable(settings, folder);
    const theirs = answer.parse(JSON.parse(await runJudge('repeat_run.py', [folder])));
    const ours = must(await operations.train(settings, path.join(place, 'run'), quietContext()));
    const oneImage = 1 / ours.images.validation;
    expect(theirs.epochs).toHaveLength(5);
    for (const [at, { loss, valLoss, valAccuracy }] of theirs.epochs.entries()) {
      const epoch = ours.epochs[at]!;
      expect(epoch.loss / loss, `loss of epoch ${at + 1}`).toBeCloseTo(1, 3);
      expect(epoch.valLoss / valLoss, `validation loss of epoch ${at + 1}`).toBeCloseTo(1, 3);
      expect(Math.abs(epoch.valAccuracy - valAccuracy)).toBeLessThanOrEqual(oneImage * 1.001);
    }
    // Something was learned: equal numbers of runs that stand still would say nothing.
    expect(ours.epochs.at(-1)!.loss).toBeLessThan(ours.epochs[0]!.loss * 0.7);
  }, 120_000);
});
