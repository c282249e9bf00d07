import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue, Network } from '../../../../shared/domain/network.ts';
import { isMovingStatistic } from '../../../../shared/domain/network.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { judgePython, runJudge } from '../../testing/judge.ts';
import { forward, logitsOf } from '../forward/executor.ts';
import type { Weights } from '../weights/weights.ts';
import { kerasTopology } from '../writeLayersModel.ts';
import { cases } from './cases/layerCases.ts';
import type { Case } from './cases/layerCases.ts';
import { supportedClasses } from './registry.ts';

interface Verdict {
  shape: number[];
  output: number[];
  inputGradient: number[];
  gradients: Record<string, number[]>;
  moving: Record<string, number[]>;
}
const missing = judgePython() === null;
const required = process.env['THAW_REQUIRE'] === '1';

describe.skipIf(missing && !required)('layers against Keras (needs the Keras judge)', () => {
  let tf: Tf;
  let verdicts: Verdict[];

  beforeAll(async () => {
    const runtime = await loadTensorFlow();
    if (!runtime.ok) throw new Error(runtime.error.message);
    tf = runtime.value.tf;
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-layers-'));
    const file = path.join(folder, 'cases.json');
    await writeFile(
      file,
      JSON.stringify(
        cases.map(({ network, weights, input, probe, training }) => ({
          layers: kerasLayers(network),
          input,
          probe,
          training,
          weights: Object.fromEntries(
            [...weights].map(([key, { shape, data }]) => [key, { shape, data: [...data] }]),
          ),
        })),
      ),
    );
    verdicts = JSON.parse(await runJudge('layer_forward_gradient.py', [file])) as Verdict[];
    await rm(folder, { recursive: true });
  });

  it('judges every class the engine computes', () => {
    const judged = new Set(cases.flatMap(({ network }) => network.layers.map(({ className }) => className)));
    expect(supportedClasses.filter((name) => !judged.has(name))).toEqual([]);
  });

  it.each(cases.map((entry, index) => ({ ...entry, index })))(
    '$title: output, gradients and moving statistics',
    ({ network, weights, input, probe, training, index }) => {
      const verdict = verdicts[index]!;
      const result = compute(tf, network, weights, input, probe, training);
      expect(result.shape).toEqual(verdict.shape);
      expectClose(result.output, verdict.output, 'output');
      expectClose(result.inputGradient, verdict.inputGradient, 'input gradient');
      expect(Object.keys(result.gradients).sort()).toEqual(Object.keys(verdict.gradients).sort());
      for (const [key, expected] of Object.entries(verdict.gradients))
        expectClose(result.gradients[key]!, expected, `gradient of ${key}`);
      for (const [key, expected] of Object.entries(verdict.moving)) {
        const value = result.moving[key] ?? [...weights.get(key)!.data];
        expectClose(value, expected, key);
      }
      expect(Object.keys(result.moving).length > 0).toBe(training);
    },
  );

  it('leaves the last activation off when logits are asked for', () => {
    const { network, weights, input } = cases.find(({ title }) => title.startsWith('Dense'))!;
    const variables = asTensors(tf, weights);
    const feeds = new Map([['input', tf.tensor(input.data, input.shape)]]);
    const mode = {
      training: false,
      trainable: new Set<string>(),
      batchNorm: 'inference',
      dropoutSeed: null,
    } as const;
    const [logits, value] = forward(tf, network, variables, feeds, [logitsOf('layer'), 'layer'], mode);
    expectClose([...tf.softmax(logits!).dataSync()], [...value!.dataSync()], 'softmax of the logits');
  });

  it('drops by the seed in training only', () => {
    const { network, input } = cases.find(({ title }) => title.startsWith('Dropout'))!;
    const feeds = new Map([['input', tf.tensor(input.data, input.shape)]]);
    const run = (training: boolean, seed: number): number[] => {
      const mode = {
        training,
        trainable: new Set<string>(),
        batchNorm: 'inference',
        dropoutSeed: tf.scalar(seed, 'int32'),
      } as const;
      return [...forward(tf, network, new Map(), feeds, ['layer'], mode)[0]!.dataSync()];
    };
    expect(run(true, 5)).toEqual(run(true, 5));
    expect(run(true, 5)).not.toEqual(run(true, 6));
    expect(run(false, 5)).toEqual(input.data);
    const kept = run(true, 5).filter((value) => value !== 0).length / input.data.length;
    expect(kept).toBeGreaterThan(0.35);
    expect(kept).toBeLessThan(0.65);
  });
});

function kerasLayers(network: Network): JsonValue {
  const topology = kerasTopology(network) as { model_config: { config: { layers: JsonValue } } };
  return topology.model_config.config.layers;
}

function asTensors(tf: Tf, weights: Weights): Map<string, Tensor> {
  return new Map([...weights].map(([key, { shape, data }]) => [key, tf.tensor(data, [...shape])]));
}

function compute(
  tf: Tf,
  network: Network,
  weights: Weights,
  input: Case['input'],
  probe: Case['probe'],
  training: boolean,
): Omit<Verdict, 'shape'> & { shape: number[] } {
  const variables = asTensors(tf, weights);
  const trained = [...variables.keys()].filter((key) => !isMovingStatistic(key.split('/')[1]!));
  const moving: Record<string, number[]> = {};
  const run = (values: Tensor[]): Tensor => {
    const [x, ...own] = values as [Tensor, ...Tensor[]];
    const all = new Map([...variables, ...trained.map((key, index) => [key, own[index]!] as const)]);
    const [y] = forward(tf, network, all, new Map([['input', x]]), [network.output], {
      training,
      trainable: new Set(network.layers.map(({ name }) => name)),
      batchNorm: 'update',
      dropoutSeed: null,
      onMovingStatistics(name, mean, variance) {
        moving[`${name}/moving_mean`] = [...mean.dataSync()];
        moving[`${name}/moving_variance`] = [...variance.dataSync()];
      },
    });
    return y!;
  };
  const values = [tf.tensor(input.data, input.shape), ...trained.map((key) => variables.get(key)!)];
  const y = run(values);
  const weighed = tf.tensor(probe.data, probe.shape);
  const gradients = tf.grads((...all: Tensor[]) => tf.sum(tf.mul(run(all), weighed)))(values);
  return {
    shape: y.shape,
    output: [...y.dataSync()],
    inputGradient: [...gradients[0]!.dataSync()],
    gradients: Object.fromEntries(trained.map((key, index) => [key, [...gradients[index + 1]!.dataSync()]])),
    moving,
  };
}

/** Largest difference, relative to the largest value expected. */
function expectClose(actual: number[], expected: number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  const worst = Math.max(0, ...expected.map((value, index) => Math.abs(value - actual[index]!)));
  expect(worst / scale, what).toBeLessThan(1e-5);
}
