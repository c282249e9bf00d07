import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat, ExportResult, WeightType } from '../../../../shared/domain/export.ts';
import { exportFormatFacts, exportFormats } from '../../../../shared/domain/export.ts';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { exportResultSchema } from '../../../../shared/ipc/model/exportResult.ts';
import { ok } from '../../../../shared/result.ts';
import { openPlace } from '../../export/common/place.ts';
import { madeUpSamples } from '../../export/common/samples.ts';
import type { Exporter, Subject } from '../../export/exporter.ts';
import { nothingMore } from '../../export/exporter.ts';
import { writeExport } from '../../export/writeExport.ts';
import { quietContext } from '../../jobs/context.ts';
import { readModel } from '../../project/modelFolder.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { judgeMissing, keras3Missing, runJudge } from '../../testing/judge.ts';
import { exportRun } from './export.ts';
import { predict } from './predict.ts';
import { train } from '../training/train.ts';

let run: string;
let dataset: string;
let folder: string;

beforeAll(async () => {
  dataset = await makeColourDataset(10);
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-exports-'));
  run = path.join(folder, 'run');
  const settings = {
    ...defaultTrainSettings,
    dataset,
    epochs: 2,
    imageSize: 64,
    headUnits: [8],
    dropout: 0.2,
  };
  const trained = await train(settings, run, quietContext());
  if (!trained.ok) throw new Error(trained.error.message);
});

function asked(format: ExportFormat, weights: WeightType = 'float32') {
  const out = path.join(folder, `${format}-${weights}`);
  return { run, format, options: { weights, batch: 'dynamic' as const }, out, force: false };
}

const done = new Map<string, ExportResult>();

/** Exports once; later callers get what is there. */
async function exported(format: ExportFormat, weights: WeightType = 'float32'): Promise<ExportResult> {
  const known = done.get(`${format} ${weights}`);
  if (known !== undefined) return known;
  const result = await exportRun(asked(format, weights), quietContext());
  if (!result.ok) throw new Error(`${result.error.message} ${result.error.found ?? ''}`);
  done.set(`${format} ${weights}`, result.value);
  return result.value;
}

describe('exports of a run', () => {
  const every = exportFormatFacts.flatMap(({ format, weights }) =>
    weights.map((type) => [format, type] as const),
  );

  it.each(every)(
    '%s with %s weights: whole, described, and checked where a runtime is at hand',
    async (format, weights) => {
      const result = await exported(format, weights);
      expect(exportResultSchema.parse(result)).toEqual(result);
      const common = ['MODEL_CARD.md', 'labels.txt', 'thaw.json', 'golden/0.png', 'golden/golden.json'];
      expect(result.files).toEqual(expect.arrayContaining(common));
      const { file, runtime } = exportFormatFacts.find((one) => one.format === format)!;
      expect(result.files).toContain(file);
      expect(result.verified.runtime !== null).toBe(runtime !== null);
      if (runtime !== null && weights === 'float32')
        expect(result.verified.maxAbsDifference).toBeLessThan(1e-4);
      if (runtime !== null && weights === 'float16')
        expect(result.verified.maxAbsDifference).toBeLessThan(5e-3);
      expect(result.accuracy !== null).toBe(weights === 'full-int8');
      expect(await readFile(path.join(result.directory, 'labels.txt'), 'utf8')).toBe('blue\ngreen\nred\n');
    },
  );

  it.each(['tfjs', 'tfjs-graph', 'savedmodel', 'onnx'] as const)(
    '%s predicts what the run predicts',
    async (format) => {
      const { directory } = await exported(format);
      const [image] = await readdir(path.join(dataset, 'red'));
      const images = [path.join(dataset, 'red', image!)];
      const own = await predict(run, images, quietContext());
      const other = await predict(directory, images, quietContext());
      if (!own.ok || !other.ok) throw new Error('no prediction');
      expect(other.value[0]!.label).toBe(own.value[0]!.label);
      expect(Math.abs(other.value[0]!.confidence - own.value[0]!.confidence)).toBeLessThan(1e-5);
    },
  );

  it('says where to run an export that Thaw has no runtime for', async () => {
    const { directory } = await exported('tflite');
    const result = await predict(directory, ['any.jpg'], quietContext());
    expect(result.ok ? null : result.error.remedy).toContain('verify.py');
  });

  it.skipIf(judgeMissing !== null)(
    `give the golden values in their official runtimes ${judgeMissing ?? ''}`,
    async () => {
      const limits = { float32: 1e-4, float16: 5e-3, int8: 0.15, 'full-int8': 0.15, uint8: 0.15 };
      const folders = new Map<string, WeightType>();
      for (const [format, weights] of every)
        if (!format.startsWith('tfjs')) folders.set((await exported(format, weights)).directory, weights);
      const answers = JSON.parse(await runJudge('run_examples.py', [...folders.keys()])) as Record<
        string,
        { images: number; maxAbsDifference: number }
      >;
      for (const [directory, weights] of folders) {
        expect(answers[directory]!.images).toBeGreaterThan(2);
        expect(answers[directory]!.maxAbsDifference, directory).toBeLessThanOrEqual(limits[weights]);
      }
    },
  );

  it.skipIf(judgeMissing !== null || keras3Missing !== null)(
    `load in Keras 2.15 and in Keras 3, and train on there ${judgeMissing ?? keras3Missing ?? ''}`,
    async () => {
      const folders = [(await exported('keras')).directory, (await exported('h5')).directory];
      for (const [environment, version] of [
        ['judges', '2.15'],
        ['judges-keras3', '3.'],
      ] as const) {
        const answers = JSON.parse(await runJudge('keras_train_on.py', folders, environment)) as Record<
          string,
          { keras: string; images: number; maxAbsDifference: number; losses: [number, number] }
        >;
        for (const folder of folders) {
          const { keras, images, maxAbsDifference, losses } = answers[folder]!;
          expect(keras.startsWith(version)).toBe(true);
          expect(images).toBeGreaterThan(2);
          expect(maxAbsDifference, `${folder} in Keras ${keras}`).toBeLessThanOrEqual(1e-4);
          expect(losses[1], `${folder} in Keras ${keras}`).toBeLessThan(losses[0]);
        }
      }
    },
  );

  it('refuses options a format does not have', async () => {
    const result = await exportRun(asked('keras', 'int8'), quietContext());
    expect(result.ok ? null : result.error.code).toBe('usage');
    expect(exportFormats).toContain('keras');
  });
});

describe('the folder of an export', () => {
  it('is replaced only when it holds an export and only with force', async () => {
    await exported('onnx');
    const again = await exportRun(asked('onnx'), quietContext());
    expect(again.ok ? null : again.error.code).toBe('output-exists');
    const replaced = await exportRun({ ...asked('onnx'), force: true }, quietContext());
    expect(replaced.ok).toBe(true);
    const out = path.join(folder, 'mine');
    await mkdir(out);
    await writeFile(path.join(out, 'thesis.txt'), 'years of work');
    const other = await exportRun({ ...asked('onnx'), out, force: true }, quietContext());
    expect(other.ok ? null : other.error.code).toBe('output-exists');
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  it('does not appear when the export is cancelled', async () => {
    const controller = new AbortController();
    const emit = (): void => {
      controller.abort();
    };
    const context = { ...quietContext(), signal: controller.signal, emit };
    const parent = await mkdtemp(path.join(tmpdir(), 'thaw-cancelled-'));
    const result = await exportRun({ ...asked('onnx'), out: path.join(parent, 'out') }, context);
    expect(result.ok ? null : result.error.code).toBe('cancelled');
    expect(await readdir(parent)).toEqual([]);
  });

  it('does not appear when the export disagrees; its files are kept aside and named', async () => {
    const model = await readModel(run);
    if (!model.ok) throw new Error(model.error.message);
    const samples = madeUpSamples({ width: 64, height: 64, resize: 'squash' }, 2);
    const subject: Subject = {
      model: model.value,
      run: null,
      result: null,
      card: null,
      samples,
      goldenImages: 2,
      beginning: () => Promise.reject(new Error('not asked for')),
      calibration: () => Promise.reject(new Error('not asked for')),
    };
    const wrong: Exporter = {
      format: 'onnx',
      async write(_, __, at) {
        await writeFile(path.join(at, 'model.onnx'), 'a model');
        return ok(nothingMore);
      },
      open: () =>
        Promise.resolve(
          ok({
            runtime: 'test',
            run: () => Promise.resolve(Float32Array.of(0.2, 0.3, 0.5)),
            dispose: () => Promise.resolve(),
          }),
        ),
      examples: () => [{ path: 'example.py', text: 'print()' }],
    };
    const parent = await mkdtemp(path.join(tmpdir(), 'thaw-disagrees-'));
    const out = path.join(parent, 'out');
    const place = await openPlace(out, false);
    if (!place.ok) throw new Error(place.error.message);
    const studio = Float32Array.of(0.5, 0.3, 0.2, 0.5, 0.3, 0.2);
    const options = { weights: 'float32', batch: 'dynamic' } as const;
    const result = await writeExport(wrong, subject, studio, options, out, place.value, quietContext());
    expect(result.ok ? null : result.error.found).toContain('3.00e-1');
    expect(await readdir(parent)).toEqual(['out.not-verified']);
    expect(result.ok ? null : result.error.remedy).toContain(`${out}.not-verified`);
  });
});
