import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forward, inferenceMode } from '../network/index.ts';
import { activationNames } from '../network/layers/activation/activations.ts';
import type { Case } from '../network/layers/cases/layerCases.ts';
import { cases } from '../network/layers/cases/layerCases.ts';
import { supportedClasses } from '../network/layers/registry.ts';
import { loadTensorFlow } from '../runtime/tensorflow.ts';
import type { Tf } from '../runtime/tf.ts';
import { tfjsFiles } from '../runtime/tfjsFiles.ts';
import type { JudgeEnvironment } from '../testing/judge.ts';
import { judgeMissing, keras3Missing, runJudge } from '../testing/judge.ts';
import { emitGraph } from './graphdef/emitGraph.ts';
import { encodeSavedModel } from './graphdef/messages.ts';
import { NodeList } from './graphdef/nodes.ts';
import { graphModelJson, graphWeights } from './formats/tfjsGraph.ts';
import { layersModelJson, layersWeights } from './formats/tfjs.ts';
import { standardActivations } from './keras/activations.ts';
import { h5File, kerasArchive } from './keras/files.ts';
import { canStandardize, standardize } from './keras/standardize.ts';
import { loweredActivations } from './lowering/activations.ts';
import { canLower, lowerNetwork } from './lowering/lowerNetwork.ts';
import { writeWeightFiles } from './tfjs/weightFiles.ts';

let tf: Tf;
let folder: string;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
  folder = await mkdtemp(path.join(tmpdir(), 'thaw-export-layers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Milliseconds for Keras to load some 250 files on a machine that is busy. */
const patience = 400_000;

const inference = cases.filter(({ training }) => !training).map((one, index) => ({ ...one, index }));

function truth({ network, weights, input }: Case): number[] {
  return tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
    const feeds = new Map([[network.layers[0]!.name, tf.tensor(input.data, input.shape)]]);
    return [...forward(tf, network, variables, feeds, [network.output], inferenceMode)[0]!.dataSync()];
  });
}

/** Relative to the largest value: activations of these networks reach some tens. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, index) => Math.abs(value - actual[index]!)));
  expect(worst / scale).toBeLessThan(2e-5);
}

function lowered({ network, weights }: Case) {
  const result = lowerNetwork(network, weights, 'none');
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('every class and activation the engine computes', () => {
  it('has a form in operations, for SavedModel, TensorFlow.js graphs and TensorFlow Lite (lowering/)', () => {
    expect(supportedClasses.filter((name) => !canLower(name))).toEqual([]);
    expect(activationNames.filter((name) => !loweredActivations.includes(name))).toEqual([]);
  });

  it('has a form in standard layers, for Keras and TensorFlow.js layers (keras/)', () => {
    expect(supportedClasses.filter((name) => !canStandardize(name))).toEqual([]);
    expect(activationNames.filter((name) => !standardActivations.includes(name))).toEqual([]);
  });
});

describe('layers as operations', () => {
  it.each(inference)('$title in a SavedModel', async (one) => {
    const list = new NodeList();
    const shape = [null, ...one.network.inputShape];
    const image = list.add('image', 'Placeholder', [], { dtype: { type: 'float32' }, shape: { shape } });
    const end = emitGraph(list, lowered(one), { fuse: false, image });
    const value = list.add('value', 'Identity', [end], { T: { type: 'float32' } });
    const bytes = encodeSavedModel({
      nodes: list.nodes,
      functions: [],
      signatures: {
        serving_default: {
          inputs: { image: { tensor: image, dtype: 'float32', shape } },
          outputs: { value: { tensor: value, dtype: 'float32', shape: [null] } },
        },
      },
    });
    const own = path.join(folder, `saved-${one.index}`);
    await mkdir(path.join(own, 'variables'), { recursive: true });
    await writeFile(path.join(own, 'saved_model.pb'), bytes);
    const model = await tf.node.loadSavedModel(own, ['serve'], 'serving_default');
    const output = model.predict({ image: tf.tensor(one.input.data, one.input.shape) });
    expectClose((output as Record<string, Tensor>)['value']!.dataSync(), truth(one));
    model.dispose();
  });

  it.each(inference)('$title in a TensorFlow.js graph', async (one) => {
    const own = path.join(folder, `graph-${one.index}`);
    await mkdir(own);
    const list = new NodeList();
    const shape = [null, ...one.network.inputShape];
    const image = list.add('image', 'Placeholder', [], { dtype: { type: 'float32' }, shape: { shape } });
    const value = emitGraph(list, lowered(one), { fuse: true, image });
    const output = list.add('probabilities', 'Identity', [value], { T: { type: 'float32' } });
    const manifest = await writeWeightFiles(own, graphWeights(list.nodes), 'float32');
    const ends = { image, shape, output, outputShape: [null] };
    await writeFile(path.join(own, 'model.json'), graphModelJson(list.nodes, ends, manifest));
    const model = await tf.loadGraphModel(tfjsFiles(own));
    const result = model.predict(tf.tensor(one.input.data, one.input.shape)) as Tensor;
    expectClose(result.dataSync(), truth(one));
    model.dispose();
  });
});

/** What TensorFlow.js's layers cannot say, and why. */
function refusedByTfjs({ network }: Case): RegExp | null {
  for (const { className, config } of network.layers) {
    if (className === 'UnitNormalization') return /"layer" .* has no UnitNormalization/;
    if (className === 'Conv2DTranspose' && Array.isArray(config['output_padding']))
      return /"layer" .* has no output_padding/;
  }
  return null;
}

describe('layers as standard layers', () => {
  it.each(inference)('$title in a TensorFlow.js LayersModel', async (one) => {
    const standard = standardize(one.network, one.weights, 'none', 'tfjs');
    const refusal = refusedByTfjs(one);
    if (refusal !== null) {
      expect(standard.ok ? '' : standard.error.message).toMatch(refusal);
      return;
    }
    if (!standard.ok) throw new Error(standard.error.message);
    const own = path.join(folder, `layers-${one.index}`);
    await mkdir(own);
    const manifest = await writeWeightFiles(own, layersWeights(standard.value), 'float32');
    await writeFile(path.join(own, 'model.json'), layersModelJson(standard.value, manifest));
    const model = await tf.loadLayersModel(tfjsFiles(own));
    const result = model.predict(tf.tensor(one.input.data, one.input.shape)) as Tensor;
    expectClose(result.dataSync(), truth(one));
    model.dispose();
  });

  it.skipIf(judgeMissing !== null)(
    `all of them in .h5 and .keras, loaded by Keras 2.15 ${judgeMissing ?? ''}`,
    () => expectKerasToAgree('judges'),
    patience,
  );

  it.skipIf(keras3Missing !== null)(
    `all of them in .h5 and .keras, loaded by Keras 3 ${keras3Missing ?? ''}`,
    () => expectKerasToAgree('judges-keras3'),
    patience,
  );
});

/** Keras 3 forgets the axes of a normalisation over several when it reads an .h5 (legacy/saving/saving_utils.py). */
function keras3CannotRead({ network }: Case, kind: string): boolean {
  return (
    kind === 'h5' &&
    network.layers.some(
      ({ className, config: { axis } }) =>
        className === 'LayerNormalization' && Array.isArray(axis) && axis.length > 1,
    )
  );
}

/** The same values, and as many weights: layers that share theirs do so in the file, too. */
async function expectKerasToAgree(environment: JudgeEnvironment): Promise<void> {
  const asked: { files: string[]; input: Case['input'] }[] = [];
  for (const one of inference) {
    const standard = standardize(one.network, one.weights, 'none', 'keras');
    if (!standard.ok) throw new Error(standard.error.message);
    const files: string[] = [];
    for (const [kind, bytes] of [
      ['h5', await h5File(standard.value)],
      ['keras', await kerasArchive(standard.value)],
    ] as const) {
      if (environment === 'judges-keras3' && keras3CannotRead(one, kind)) continue;
      files.push(path.join(folder, `${one.index}.${kind}`));
      await writeFile(files.at(-1)!, bytes);
    }
    asked.push({ files, input: one.input });
  }
  const list = path.join(folder, `${environment}.json`);
  await writeFile(list, JSON.stringify(asked));
  const answers = JSON.parse(await runJudge('keras_exports.py', [list], environment)) as Answer[][];
  for (const [index, one] of inference.entries())
    for (const { values, weights } of answers[index]!) {
      expectClose(values, truth(one));
      if (one.network.layers.some(({ sharedWith }) => sharedWith !== undefined))
        expect(weights, one.title).toBe(one.weights.size);
    }
}

interface Answer {
  readonly values: number[];
  /** How many weights the model has. */
  readonly weights: number;
}
