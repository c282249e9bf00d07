import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { defaultTrainSettings } from '../../../../shared/domain/run.ts';
import { quietContext } from '../../jobs/context.ts';
import { isNative } from '../../runtime/addon/binding.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { makeColourDataset } from '../../testing/colourDataset.ts';
import { must } from '../../testing/must.ts';
import { operations } from '../index.ts';

let tf: Tf;
let dataset: string;
let place: string;

beforeAll(async () => {
  const runtime = must(await loadTensorFlow());
  if (runtime.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.tf;
  dataset = await makeColourDataset(14);
  place = await mkdtemp(path.join(tmpdir(), 'thaw-frozen-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** With frozen layers behind the head, then some before a cut inside a residual; 23 images: whole batches and a rest. */
const settings = () => ({
  ...defaultTrainSettings,
  dataset,
  epochs: 3,
  fineTuneEpochs: 2,
  fineTuneLearningRate: 0.001,
  thawFrom: 'block_15_project',
  earlyStop: 0,
  batchSize: 8,
  imageSize: 64,
});

/** Trains, then asks the model, with a cache of its own: features of one runtime would do for the other. */
async function inRuntime(name: string) {
  vi.stubEnv('THAW_FROZEN', name);
  vi.stubEnv('THAW_CACHE', path.join(place, 'cache', name));
  const out = path.join(place, name);
  const messages: string[] = [];
  const context = {
    ...quietContext(),
    emit(event: { type: string; message?: string }) {
      if (event.type === 'log') messages.push(event.message ?? '');
    },
  };
  const trained = must(await operations.train(settings(), out, context));
  const image = path.join(dataset, 'red', 'red-3.jpg');
  return {
    trained,
    messages,
    evaluated: must(await operations.evaluate(out, dataset, context)),
    predicted: must(await operations.predict(out, [image], context)),
    features: must(
      await operations.features(
        { model: out, images: [image], layer: null, preprocess: null, resize: 'squash', weights: null },
        context,
      ),
    ),
  };
}

it('frozen layers in TensorFlow give a run the numbers that ONNX Runtime gives it', async () => {
  const sessions = tf.node.getNumOfSavedModels();
  const [onnx, graph] = [await inRuntime('onnxruntime'), await inRuntime('tensorflow')];
  expect([onnx.trained.runtime.prefix, graph.trained.runtime.prefix]).toEqual([
    'onnxruntime cpu',
    'tensorflow cpu',
  ]);
  expect(graph.messages).toEqual(onnx.messages);
  for (const [index, epoch] of onnx.trained.epochs.entries()) {
    const other = graph.trained.epochs[index]!;
    for (const metric of ['loss', 'accuracy', 'valLoss', 'valAccuracy'] as const)
      expect(Math.abs(other[metric] - epoch[metric]), `${metric} of epoch ${index + 1}`).toBeLessThan(1e-4);
  }
  expect(graph.trained.best.epoch).toBe(onnx.trained.best.epoch);
  expect(graph.evaluated.confusion).toEqual(onnx.evaluated.confusion);
  expect(graph.evaluated.loss).toBeCloseTo(onnx.evaluated.loss, 4);
  expect(graph.predicted[0]!.label).toBe(onnx.predicted[0]!.label);
  expect(graph.predicted[0]!.confidence).toBeCloseTo(onnx.predicted[0]!.confidence, 4);
  const [own, theirs] = [graph.features[0]!.features, onnx.features[0]!.features];
  const largest = Math.max(...theirs.map(Math.abs));
  expect(Math.max(...theirs.map((value, at) => Math.abs(value - own[at]!)))).toBeLessThan(1e-4 * largest);
  expect(tf.node.getNumOfSavedModels()).toBe(sessions);
});

it('new views every epoch are computed by the same graph', async () => {
  vi.stubEnv('THAW_FROZEN', 'tensorflow');
  const wanted = { ...settings(), fineTuneEpochs: 0, epochs: 2, augment: 'light', augmentViews: 0 } as const;
  const results = [];
  for (const name of ['onnxruntime', 'tensorflow']) {
    vi.stubEnv('THAW_FROZEN', name);
    vi.stubEnv('THAW_CACHE', path.join(place, 'views', name));
    results.push(must(await operations.train(wanted, path.join(place, `views-${name}`), quietContext())));
  }
  const [onnx, graph] = results;
  for (const [index, { loss }] of onnx!.epochs.entries())
    expect(graph!.epochs[index]!.loss).toBeCloseTo(loss, 4);
});

it('the run tells of the runtime that took over while variations were computed', async () => {
  vi.stubEnv('THAW_FROZEN', 'tensorflow');
  vi.stubEnv('THAW_CACHE', path.join(place, 'taken-over'));
  const backend = tf.backend();
  if (!isNative(backend)) throw new Error('These tests need the native runtime');
  const run = backend.runSavedModel.bind(backend);
  let isTraining = false;
  vi.spyOn(backend, 'runSavedModel').mockImplementation((session, inputs, infos, outputs) => {
    const isImages = inputs[0]?.shape.slice(1).join() === '64,64,3';
    if (isImages && isTraining) throw new Error('The device was lost');
    return run(session, inputs, infos, outputs);
  });
  const messages: string[] = [];
  const context = {
    ...quietContext(),
    emit(event: { type: string; message?: string }) {
      messages.push(event.message ?? '');
      // After the first epoch's variations, when the run knows a runtime already.
      if (event.type === 'epoch') isTraining = true;
    },
  };
  const wanted = { ...settings(), fineTuneEpochs: 0, epochs: 2, augment: 'light', augmentViews: 0 } as const;
  const trained = must(await operations.train(wanted, path.join(place, 'taken-over-run'), context));
  expect(messages.join()).toContain('ONNX Runtime goes on with the frozen layers');
  expect(trained.runtime.prefix).toBe('onnxruntime cpu');
});

it('an unknown runtime is refused before anything is written', async () => {
  vi.stubEnv('THAW_FROZEN', 'cuda');
  const out = path.join(place, 'refused');
  const refused = await operations.train(settings(), out, quietContext());
  expect(refused).toMatchObject({ ok: false, error: { code: 'usage', found: 'cuda' } });
  await expect(access(out)).rejects.toThrow();
  const asked = await operations.predict(path.join(place, 'onnxruntime'), [], quietContext());
  expect(asked).toMatchObject({ ok: false, error: { code: 'usage', found: 'cuda' } });
});
