import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { frontierOf } from '../../../../../shared/domain/freezePlan.ts';
import type { JsonValue, Network, Preprocess } from '../../../../../shared/domain/network.ts';
import { createRandom, kerasTopology, resolveBackbone, sizeOf } from '../../../network/index.ts';
import type { Weights } from '../../../network/index.ts';
import type { Case } from '../../../network/layers/cases/layerCases.ts';
import { cases } from '../../../network/layers/cases/layerCases.ts';
import type { FrozenRuntime } from '../../../runtime/frozen/frozenRuntime.ts';
import { packageRoot } from '../../../runtime/packageRoot.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { relativeDifference } from '../../../testing/difference.ts';
import { judgeMissing, runJudge } from '../../../testing/judge.ts';
import { must } from '../../../testing/must.ts';
import { openPrefix, openSegment } from '../prefix.ts';
import { scalePixels } from '../scalePixels.ts';
import { shapesOf } from './frozenLayers.ts';
import type { FrozenOptions } from './openFrozenLayers.ts';
import { split } from './rows.ts';

let tf: Tf;
beforeAll(async () => {
  const runtime = must(await loadTensorFlow());
  if (runtime.kind !== 'native') throw new Error('These tests need the native runtime');
  tf = runtime.tf;
});

const bundled = 'thaw-mobilenet-v2-035-128';
const runtimes = ['tensorflow', 'onnxruntime'] as const;

function pixelsFor(network: Network, count: number): Uint8Array {
  const random = createRandom(5, 'pixels');
  const size = count * sizeOf(network.inputShape);
  return Uint8Array.from({ length: size }, () => Math.floor(random.uniform(0, 256)));
}

/** The values at a frontier, in batches of the sizes told, and that nothing is left of what computed them. */
async function computed(
  network: Network,
  weights: Weights,
  options: FrozenOptions & { frontier: readonly string[]; preprocess: Preprocess },
  pixels: Uint8Array,
  counts: readonly number[],
): Promise<Float32Array> {
  const [tensors, sessions] = [tf.memory().numTensors, tf.node.getNumOfSavedModels()];
  const notices: string[] = [];
  const onNotice = (message: string): unknown => notices.push(message);
  const prefix = must(await openPrefix(network, weights, { ...options, onNotice }));
  expect(prefix.provider).toBe(options.runtime === 'tensorflow' ? 'tensorflow cpu' : 'onnxruntime cpu');
  const each = sizeOf(network.inputShape);
  const parts: Float32Array[] = [];
  let done = 0;
  for (const count of counts) {
    parts.push(await prefix.run(pixels.slice(done * each, (done + count) * each), count));
    expect(parts.at(-1)).toHaveLength(count * prefix.valuesPerImage);
    done += count;
  }
  expect(prefix.provider).toContain(options.runtime!);
  await prefix.dispose();
  expect(notices).toEqual([]);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tf.node.getNumOfSavedModels()).toBe(sessions);
  return joined(parts);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

describe('every layer, as one graph from bytes on', () => {
  const inference = cases.filter((one) => !one.training);
  const count = 5;
  let verdicts: { shape: number[]; output: number[] }[] | null = null;

  beforeAll(async () => {
    if (judgeMissing !== null) return;
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-frozen-'));
    const file = path.join(folder, 'cases.json');
    await writeFile(file, JSON.stringify(inference.map(forKeras)));
    verdicts = JSON.parse(await runJudge('layer_forward_gradient.py', [file])) as typeof verdicts;
    await rm(folder, { recursive: true });
  });

  function forKeras({ network, weights }: Case): JsonValue {
    const topology = kerasTopology(network) as { model_config: { config: { layers: JsonValue } } };
    const scaled = scalePixels(pixelsFor(network, count), 'tf');
    const output = [count, ...network.layers.at(-1)!.outputShape];
    return {
      layers: topology.model_config.config.layers,
      input: { shape: [count, ...network.inputShape], data: [...scaled] },
      probe: { shape: output, data: new Array<number>(sizeOf(output)).fill(0) },
      training: false,
      weights: Object.fromEntries(
        [...weights].map(([key, { shape, data }]) => [key, { shape: [...shape], data: [...data] }]),
      ),
    };
  }

  it.each(inference.map((one, index) => [one.title, one, index] as const))(
    '%s: what Keras and ONNX Runtime give',
    async (_, { network, weights }, index) => {
      const pixels = pixelsFor(network, count);
      const options = { frontier: [network.output], preprocess: 'tf', threads: 1 } as const;
      const run = (runtime: FrozenRuntime, counts: number[]): Promise<Float32Array> =>
        computed(network, weights, { ...options, runtime }, pixels, counts);
      const [graph, onnx] = [await run('tensorflow', [3, 1, 1]), await run('onnxruntime', [count])];
      expect(relativeDifference(graph, onnx)).toBeLessThan(1e-4);
      if (verdicts !== null) expect(relativeDifference(graph, verdicts[index]!.output)).toBeLessThan(1e-5);
    },
  );
});

describe('the bundled backbone', () => {
  let network: Network;
  let weights: Weights;
  beforeAll(async () => {
    const backbone = must(await resolveBackbone(bundled));
    if (backbone.kind !== 'layers') throw new Error('No bundled backbone');
    ({ network, weights } = backbone);
  });
  const inside = (): string[] => frontierOf(network, 'block_15_project').map(({ name }) => name);

  it.skipIf(judgeMissing !== null)(`gives Keras’s features ${judgeMissing ?? ''}`, async () => {
    const count = 3;
    const pixels = pixelsFor(network, count);
    const layers = [...inside(), network.output];
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-frozen-'));
    const file = path.join(folder, 'input.json');
    const shape = [count, ...network.inputShape];
    await writeFile(file, JSON.stringify({ shape, data: [...scalePixels(pixels, 'tf')], layers }));
    const model = path.join(packageRoot, 'assets', 'backbones', bundled);
    const keras = JSON.parse(await runJudge('network_forward.py', [model, file])) as Record<string, number[]>;
    await rm(folder, { recursive: true });
    const options = { frontier: layers, preprocess: 'tf', runtime: 'tensorflow' } as const;
    const rows = await computed(network, weights, options, pixels, [count]);
    const values = split(rows, count, shapesOf(network, layers));
    for (const [index, layer] of layers.entries())
      expect(relativeDifference(values[index]!, keras[layer]!)).toBeLessThan(1e-4);
  });

  it('gives a frontier of several layers as ONNX Runtime does, in batches of any size', async () => {
    const frontier = inside();
    expect(frontier.length).toBeGreaterThan(1);
    const pixels = pixelsFor(network, 20);
    const [graph, onnx] = [
      await computed(
        network,
        weights,
        { frontier, preprocess: 'tf', runtime: 'tensorflow' },
        pixels,
        [1, 17, 2],
      ),
      await computed(network, weights, { frontier, preprocess: 'tf', runtime: 'onnxruntime' }, pixels, [20]),
    ];
    expect(relativeDifference(graph, onnx)).toBeLessThan(1e-4);
  });

  it('goes on from an earlier cut as from the image', async () => {
    const from = inside();
    const pixels = pixelsFor(network, 5);
    const sessions = tf.node.getNumOfSavedModels();
    const options = { preprocess: 'tf', runtime: 'tensorflow' } as const;
    const [at, end] = [
      await computed(network, weights, { ...options, frontier: from }, pixels, [5]),
      await computed(
        network,
        weights,
        { ...options, frontier: ['block_16_expand', network.output] },
        pixels,
        [5],
      ),
    ];
    for (const runtime of runtimes) {
      const segment = must(
        await openSegment(network, weights, from, ['block_16_expand', network.output], { runtime }),
      );
      expect(relativeDifference(await segment.run(at.slice(), 5), end)).toBeLessThan(1e-4);
      await segment.dispose();
    }
    expect(tf.node.getNumOfSavedModels()).toBe(sessions);
  });

  it('computes one run after the other, however many are asked for at once', async () => {
    const options = { frontier: [network.output], preprocess: 'tf', runtime: 'tensorflow' } as const;
    const prefix = must(await openPrefix(network, weights, options));
    const pixels = pixelsFor(network, 7);
    const each = sizeOf(network.inputShape);
    const whole = await prefix.run(pixels.slice(), 7);
    const runs = [2, 4, 1].map((count, index) => {
      const start = [0, 2, 6][index]! * each;
      return prefix.run(pixels.slice(start, start + count * each), count);
    });
    // Disposing waits for what is under way.
    await prefix.dispose();
    const parts = await Promise.all(runs);
    expect(relativeDifference(joined(parts), whole)).toBeLessThan(1e-5);
  });
});

it('scales bytes as Keras’s preprocess_input does', async () => {
  // Keras 2.15 imagenet_utils.preprocess_input on one pixel (10, 100, 200), in its three modes, and 1/255.
  const keras = {
    tf: [-0.92156863, -0.21568626, 0.5686275],
    torch: [-1.9466565, -0.28501397, 1.6813945],
    caffe: [96.061, -16.779, -113.68],
    unit: [0.03921569, 0.39215687, 0.78431374],
    none: [10, 100, 200],
  } as const;
  const { network } = cases.find(({ title }) => title.startsWith('Flatten'))!;
  const frontier = [network.layers[0]!.name];
  const pixel = Uint8Array.of(10, 100, 200);
  const pixels = Uint8Array.from({ length: sizeOf(network.inputShape) }, (_, at) => pixel[at % 3]!);
  for (const [mode, truth] of Object.entries(keras)) {
    const options = { frontier, preprocess: mode as Preprocess, runtime: 'tensorflow' } as const;
    const values = await computed(network, new Map(), options, pixels, [1]);
    expect(relativeDifference(values.slice(-3), truth)).toBeLessThan(1e-6);
  }
});
