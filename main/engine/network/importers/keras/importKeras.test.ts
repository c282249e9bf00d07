import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { openOnnxSession } from '../../../runtime/onnx/session.ts';
import { judgeMissing, keras3Missing } from '../../../testing/judge.ts';
import type { KerasFiles } from '../../../testing/kerasFiles.ts';
import { writeKerasFiles } from '../../../testing/kerasFiles.ts';
import { forward, inferenceMode } from '../../forward/executor.ts';
import { importNetwork } from '../../importNetwork.ts';
import { writeLayersModel } from '../../writeLayersModel.ts';
import { writeOnnx } from '../../onnx/writeOnnx.ts';
import type { ImportedLayers } from '../imported.ts';

type Files = (model: string) => KerasFiles;
let keras2: Files;
let keras3: Files;
let tf: Tf;
const models = ['branches', 'nested', 'sequential', 'shared', 'operations', 'rarer'];
const needs = { skip: judgeMissing !== null || keras3Missing !== null };

beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
  if (needs.skip) return;
  [keras2, keras3] = await Promise.all([
    writeKerasFiles(models, 'judges'),
    writeKerasFiles(models, 'judges-keras3'),
  ]);
}, 240_000);

async function load(file: string): Promise<ImportedLayers> {
  const imported = await importNetwork(file);
  if (!imported.ok) throw new Error(`${imported.error.message} ${imported.error.found ?? ''}`);
  if (imported.value.kind !== 'layers') throw new Error('not layers');
  return imported.value;
}

function differenceTo(expected: readonly number[], values: ArrayLike<number>): number {
  expect(values.length).toBe(expected.length);
  return Math.max(...expected.map((value, index) => Math.abs(value - values[index]!)));
}

async function expectKerasOutput(
  imported: ImportedLayers,
  { model }: KerasFiles,
  inOnnx: boolean,
): Promise<void> {
  const { network, weights } = imported;
  const shape = [2, ...network.inputShape];
  const output = tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
    const feeds = new Map([[network.layers[0]!.name, tf.tensor(model.input, shape)]]);
    return forward(tf, network, variables, feeds, [network.output], inferenceMode)[0]!.dataSync();
  });
  expect(differenceTo(model.output, output)).toBeLessThan(1e-5);
  if (!inOnnx) return;
  const graph = writeOnnx(network, weights, {
    outputs: [network.output],
    preprocess: 'none',
    inputType: 'float32',
  });
  if (!graph.ok) throw new Error(graph.error.message);
  const session = await openOnnxSession(graph.value, { threads: 1 });
  if (!session.ok) throw new Error(session.error.found);
  const answers = await session.value.run({ image: { shape, data: Float32Array.from(model.input) } });
  await session.value.dispose();
  expect(differenceTo(model.output, Object.values(answers)[0]!.data)).toBeLessThan(1e-5);
}

describe('whole Keras models', needs, () => {
  it.each(
    models.flatMap((model) =>
      (['2.15 .h5', '2.15 .keras', '3 .h5', '3 .keras'] as const)
        // Keras 2 cannot write this one.
        .filter((kind) => model !== 'operations' || kind !== '2.15 .keras')
        .map((kind) => [model, kind] as const),
    ),
  )('%s as Keras %s give Keras’s output', async (model, kind) => {
    const files = (kind.startsWith('3') ? keras3 : keras2)(model);
    const imported = await load(files.file(kind.endsWith('.keras') ? 'model.keras' : 'model.h5'));
    await expectKerasOutput(imported, files, kind === '2.15 .h5');
  });

  it('keep unique names, know the model they came from and what was left out', async () => {
    const { network, notices, preprocess } = await load(keras3('nested').file('model.keras'));
    const names = network.layers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['conv', 'backbone_conv', 'norm', 'hidden']));
    expect(notices.join()).toContain('RandomFlip');
    expect(preprocess).toBe('none');
  });

  it('have one set of weights for a layer that is called twice', async () => {
    const { network, weights } = await load(keras2('shared').file('model.h5'));
    const owned = network.layers.filter(({ sharedWith }) => sharedWith !== undefined);
    expect(owned.map(({ sharedWith }) => sharedWith)).toEqual(['conv', 'inside']);
    expect(owned.every(({ parameters }) => parameters === 0)).toBe(true);
    expect(weights.size).toBe(6);
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-shared-'));
    await writeLayersModel(network, weights, folder);
    const again = await load(folder);
    expect(again.network.layers).toEqual(network.layers);
    await expectKerasOutput(again, keras2('shared'), false);
  });
});
