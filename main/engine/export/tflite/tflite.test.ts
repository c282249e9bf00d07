import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { quietContext } from '../../jobs/context.ts';
import { forward, inferenceMode, sizeOf } from '../../network/index.ts';
import type { Case } from '../../network/layers/cases/layerCases.ts';
import { cases } from '../../network/layers/cases/layerCases.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { ModelInfo } from '../../project/modelFolder.ts';
import { relativeDifference } from '../../testing/difference.ts';
import { judgeMissing, runJudge } from '../../testing/judge.ts';
import type { LoweredGraph } from '../lowering/graph.ts';
import { lowerNetwork } from '../lowering/lowerNetwork.ts';
import { measureRanges } from './calibrate.ts';
import type { TfliteOptions } from './emit.ts';
import { asFloats, tfliteFile } from './file.ts';
import { affineOf, planQuantization } from './ranges.ts';

const info: ModelInfo = {
  format: 'thaw-model',
  version: 1,
  backbone: 'test',
  classes: ['a', 'b'],
  imageSize: 7,
  resize: 'squash',
  preprocess: 'none',
  featureLayer: 'layer',
  training: { epoch: 1, valAccuracy: 1, trainImages: 1, validationImages: 1 },
};

async function truth({ network, weights, input }: Case): Promise<number[]> {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  const { tf } = runtime.value;
  return tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
    const feeds = new Map([[network.layers[0]!.name, tf.tensor(input.data, input.shape)]]);
    return [...forward(tf, network, variables, feeds, [network.output], inferenceMode)[0]!.dataSync()];
  });
}

async function wholeNumbers(graph: LoweredGraph, { input }: Case): Promise<TfliteOptions> {
  const size = sizeOf(input.shape.slice(1));
  // Samples are bytes in the product; here any numbers, so that ranges are those of the case.
  const samples = [0, 1].map((row) => ({
    pixels: Float32Array.from(input.data.slice(row * size, (row + 1) * size)) as unknown as Uint8Array,
    source: null,
    label: null,
  }));
  const ranges = await measureRanges(graph, samples, quietContext());
  if (!ranges.ok) throw new Error(ranges.error.message);
  const asWhole = (id: number) => affineOf(ranges.value.get(id) ?? { low: 0, high: 0 });
  return { storage: 'whole', plan: planQuantization(graph, ranges.value), asWhole };
}

describe.skipIf(judgeMissing !== null)(
  `TensorFlow Lite models in its own interpreter ${judgeMissing ?? ''}`,
  () => {
    it('compute what the layers compute: floats, halves, int8 weights, and whole numbers', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'thaw-tflite-'));
      const inference = cases.filter(({ training }) => !training);
      const asked: { files: string[]; input: Case['input'] }[] = [];
      for (const [index, one] of inference.entries()) {
        const lowered = lowerNetwork(one.network, one.weights, 'none');
        if (!lowered.ok) throw new Error(lowered.error.message);
        const options: TfliteOptions[] = [
          { storage: 'float32', ...asFloats },
          { storage: 'float16', ...asFloats },
          { storage: 'hybrid', ...asFloats },
          await wholeNumbers(lowered.value, one),
        ];
        const files = options.map(({ storage }) => path.join(folder, `${index}-${storage}.tflite`));
        for (const [at, file] of files.entries())
          await writeFile(file, tfliteFile(lowered.value, info, options[at]!, true));
        asked.push({ files, input: one.input });
      }
      const list = path.join(folder, 'cases.json');
      await writeFile(list, JSON.stringify(asked));
      const answers = JSON.parse(await runJudge('tflite_exports.py', [list])) as number[][][];
      // Of the largest value: rounding of halves, and of 256 steps twice or thrice over.
      const tolerances = [2e-5, 5e-3, 2e-5, 0.1];
      const failures: string[] = [];
      for (const [index, one] of inference.entries()) {
        const expected = await truth(one);
        for (const [at, tolerance] of tolerances.entries()) {
          const difference = relativeDifference(answers[index]![at]!, expected);
          if (!(difference <= tolerance))
            failures.push(`${path.basename(asked[index]!.files[at]!)} ${one.title}: ${difference}`);
        }
      }
      expect(failures).toEqual([]);
      await rm(folder, { recursive: true });
    });
  },
);
