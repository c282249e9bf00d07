import { copyFile, mkdir, mkdtemp, readdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainSettings } from '../../../../shared/domain/run.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { describeError } from '../../../../shared/errors.ts';
import type { JobContext } from '../../jobs/context.ts';
import { quietContext } from '../../jobs/context.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { operations } from '../index.ts';
import { must } from '../../testing/must.ts';

let dataset: string;
let place: string;
/** A Thaw export, and the run it was made of. */
let exported: string;
let first: string;
const options = { weights: 'float32', batch: 'dynamic' } as const;

const settings = (more: Partial<TrainSettings> = {}): TrainSettings => ({
  ...defaultTrainSettings,
  dataset,
  epochs: 3,
  earlyStop: 0,
  ...more,
});

const images = () => ['red', 'green'].map((name) => path.join(dataset, name, `${name}-1.jpg`));

beforeAll(async () => {
  dataset = await makeColourDataset(10);
  place = await mkdtemp(path.join(tmpdir(), 'thaw-onnx-runs-'));
  first = path.join(place, 'first');
  exported = path.join(place, 'exported');
  must(await operations.train(settings({ imageSize: 64, epochs: 1 }), first, quietContext()));
  const request = { run: first, format: 'onnx', options, out: exported, force: false } as const;
  must(await operations.export(request, quietContext()));
});

describe('a model that Thaw exported, as a backbone', () => {
  const features = async (model: string) =>
    must(
      await operations.features(
        { model, images: images(), layer: null, weights: null, preprocess: null, resize: 'squash' },
        quietContext(),
      ),
    );

  it('gives the features of the run it came from, and is described as one frozen layer', async () => {
    const [own, again] = [await features(first), await features(path.join(exported, 'model.onnx'))];
    for (const [index, { features: expected }] of own.entries()) {
      const given = again[index]?.features ?? [];
      expect(given).toHaveLength(expected.length);
      for (const [at, value] of expected.entries()) expect(given[at]).toBeCloseTo(value, 4);
    }
    const report = must(await operations.inspectModel(path.join(exported, 'model.onnx'), quietContext()));
    expect(report).toMatchObject({
      kind: 'graph',
      inputShape: [64, 64, 3],
      preprocess: 'none',
      outputShape: [own[0]?.features.length],
      graph: { format: 'ONNX', outputs: ['probabilities'], anySize: false },
    });
    expect(report.layers.map(({ type }) => type)).toEqual(['InputLayer', 'ONNX']);
  });

  it('gives the same features as a SavedModel that Thaw exported', async () => {
    const out = path.join(place, 'saved');
    must(
      await operations.export(
        { run: first, format: 'savedmodel', options, out, force: false },
        quietContext(),
      ),
    );
    const report = must(await operations.inspectModel(out, quietContext()));
    expect(report).toMatchObject({ preprocess: 'none', graph: { format: 'SavedModel' } });
    const [own, again] = [await features(first), await features(out)];
    for (const [index, { features: expected }] of own.entries())
      for (const [at, value] of expected.entries()) expect(again[index]?.features[at]).toBeCloseTo(value, 4);
  });

  it('trains a head on it, resumes, evaluates, predicts and exports without the file it came from', async () => {
    const copy = path.join(place, 'copy');
    await rename(exported, copy);
    const backbone = path.join(copy, 'model.onnx');
    const run = path.join(place, 'run');
    const abort = new AbortController();
    const emit: JobContext['emit'] = (event) => {
      if (event.type === 'epoch') abort.abort();
    };
    await operations.train(settings({ backbone }), run, { ...quietContext(), signal: abort.signal, emit });
    const resumed = must(await operations.resume(run, quietContext()));
    const whole = must(
      await operations.train(settings({ backbone }), path.join(place, 'whole'), quietContext()),
    );
    const losses = (result: typeof whole) => result.epochs.map(({ loss }) => loss);
    expect(losses(resumed)).toEqual(losses(whole));
    expect(resumed.runtime.prefix).toContain('onnxruntime');
    expect(resumed.backbone).toBe('model.onnx');

    await rename(copy, path.join(place, 'moved'));
    const evaluation = must(await operations.evaluate(run, dataset, quietContext()));
    expect(evaluation.images).toBe(30);
    expect(evaluation.accuracy).toBeGreaterThan(0.5);
    const answers = must(await operations.predict(run, images(), quietContext()));
    const out = path.join(place, 'out');
    const result = must(
      await operations.export({ run, format: 'onnx', options, out, force: false }, quietContext()),
    );
    expect(result.verified).toMatchObject({ labelAgreement: 1 });
    expect(result.verified.maxAbsDifference).toBeLessThan(1e-5);
    const elsewhere = must(await operations.predict(out, images(), quietContext()));
    expect(elsewhere.map(({ label }) => label)).toEqual(answers.map(({ label }) => label));
  });

  it('is a classifier that is measured and used as it is, away from what Thaw knows of it', async () => {
    const alone = path.join(place, 'alone');
    await mkdir(alone);
    const model = path.join(alone, 'model.onnx');
    await copyFile(path.join(place, 'moved', 'model.onnx'), model);
    const [own, foreign] = [
      must(await operations.evaluate(first, dataset, quietContext())),
      must(await operations.evaluate(model, dataset, quietContext())),
    ];
    expect(foreign.confusion).toEqual(own.confusion);
    expect(foreign.loss).toBeCloseTo(own.loss, 4);
    await writeFile(path.join(alone, 'labels.txt'), 'a\nb\nc\n');
    const [answer] = must(await operations.predict(model, images(), quietContext()));
    expect(Object.keys(answer?.probabilities ?? {})).toEqual(['a', 'b', 'c']);
  });

  it('refuses what needs layers before anything is written', async () => {
    const run = path.join(place, 'run');
    for (const format of ['tfjs', 'keras', 'savedmodel', 'tflite', 'keras-project'] as const) {
      const out = path.join(place, `never-${format}`);
      const refused = await operations.export({ run, format, options, out, force: false }, quietContext());
      expect(refused).toMatchObject({ ok: false, error: { code: 'engine-unsupported' } });
      if (!refused.ok) expect(describeError(refused.error)).toContain('--format onnx');
    }
    const backbone = path.join(place, 'moved', 'model.onnx');
    const refusals = [
      [{ freeze: 'none' }, 'none of its layers can be thawed'],
      [{ randomWeights: true }, 'used as it is'],
      [{ imageSize: 96 }, 'for images of one size'],
    ] as const;
    for (const [choice, message] of refusals) {
      const out = path.join(place, 'never');
      const refused = await operations.train(settings({ backbone, ...choice }), out, quietContext());
      expect(!refused.ok && refused.error.message).toContain(message);
    }
    expect((await readdir(place)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
