import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

let dataset: string;
let runs: string[];

beforeAll(async () => {
  dataset = await makeColourDataset(14);
  const place = await mkdtemp(path.join(tmpdir(), 'thaw-frames-'));
  runs = [1, 3].map((epochs) => path.join(place, String(epochs)));
  for (const [index, epochs] of [1, 3].entries()) {
    const settings = { ...defaultTrainSettings, dataset, epochs, imageSize: 64 };
    must(await operations.train(settings, runs[index]!, quietContext()));
  }
});

it('says of an image in memory what is said of its file, for one model after the other', async () => {
  for (const run of [runs[0]!, runs[1]!, runs[0]!])
    for (const name of ['red', 'green', 'blue']) {
      const file = path.join(dataset, name, `${name}-0.jpg`);
      const [fromFile] = must(await operations.predict(run, [file], quietContext()));
      const image = (await readFile(file)).toString('base64');
      const [one, other] = await Promise.all([
        operations.predictFrame(run, image, quietContext()),
        operations.predictFrame(run, image, quietContext()),
      ]);
      expect(must(one).probabilities).toEqual(fromFile!.probabilities);
      expect(must(other)).toEqual(must(one));
    }
});

it('refuses what is no image and what is no model, and serves the next image all the same', async () => {
  const broken = await operations.predictFrame(
    runs[0]!,
    Buffer.from('no image').toString('base64'),
    quietContext(),
  );
  expect(!broken.ok && broken.error.code).toMatch(/^input-/);
  const nowhere = await operations.predictFrame(path.join(dataset, 'nowhere'), 'aaaa', quietContext());
  expect(!nowhere.ok && nowhere.error.code).toBe('input-missing');
  const image = (await readFile(path.join(dataset, 'red', 'red-0.jpg'))).toString('base64');
  expect(must(await operations.predictFrame(runs[1]!, image, quietContext())).label).toBe('red');
});
