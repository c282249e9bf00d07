import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import { openOnnxSession } from '../../runtime/onnx/session.ts';
import { packageRoot } from '../../runtime/packageRoot.ts';
import { loadTensorFlow } from '../../runtime/tensorflow.ts';
import type { Tf } from '../../runtime/tf.ts';
import { relativeDifference } from '../../testing/difference.ts';
import { judgeMissing, runJudge, sharedData } from '../../testing/judge.ts';
import { forward, inferenceMode } from '../forward/executor.ts';
import { importNetwork, requireLayers } from '../importNetwork.ts';
import { cases } from '../layers/cases/layerCases.ts';
import { createRandom } from '../weights/random.ts';
import type { Weights } from '../weights/weights.ts';
import { sizeOf } from '../weights/weights.ts';
import { givenName, writeOnnx } from './writeOnnx.ts';

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
});

function onnxOf(
  network: Network,
  weights: Weights,
  outputs: string[],
  preprocess: Preprocess = 'none',
): Uint8Array {
  const written = writeOnnx(network, weights, { outputs, preprocess, inputType: 'float32' });
  if (!written.ok) throw new Error(written.error.message);
  return written.value;
}

async function runOnnx(model: Uint8Array, shape: number[], data: Float32Array) {
  const session = await openOnnxSession(model);
  if (!session.ok) throw new Error(session.error.found);
  const outputs = await session.value.run({ image: { shape, data: data.slice() } });
  await session.value.dispose();
  return outputs;
}

function runExecutor(
  network: Network,
  weights: Weights,
  outputs: string[],
  shape: number[],
  data: Float32Array,
) {
  return tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
    const feeds = new Map([[network.layers[0]!.name, tf.tensor(data, shape)]]);
    return forward(tf, network, variables, feeds, outputs, inferenceMode).map((output) => ({
      shape: output.shape,
      data: output.dataSync() as Float32Array,
    }));
  });
}

describe('ONNX models run by ONNX Runtime, against the layers as TensorFlow computes them', () => {
  const inference = cases.filter((one) => !one.training);
  it.each(inference.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    const { network, weights, input } = one;
    const data = Float32Array.from(input.data);
    const outputs = await runOnnx(onnxOf(network, weights, [network.output]), input.shape, data);
    const [truth] = runExecutor(network, weights, [network.output], input.shape, data);
    expect(outputs[network.output]!.shape).toEqual(truth!.shape);
    expect(relativeDifference(outputs[network.output]!.data, truth!.data)).toBeLessThan(2e-5);
  });

  it.skipIf(judgeMissing !== null)(`are valid for ONNX's own checker ${judgeMissing ?? ''}`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-onnx-'));
    const files: string[] = [];
    for (const [index, { network, weights }] of inference.entries()) {
      files.push(path.join(folder, `${index}.onnx`));
      await writeFile(files.at(-1)!, onnxOf(network, weights, [network.output]));
    }
    expect(Number(await runJudge('onnx_check.py', files))).toBe(inference.length);
  });
});

describe('whole networks', () => {
  const shared = sharedData();
  const bundled = path.join(packageRoot, 'assets', 'backbones', 'thaw-mobilenet-v2-035-128');
  const places = [
    bundled,
    ...(shared === null
      ? []
      : ['mobilenet_v1_0.25_224_tfjs', 'teachablemachine_image_v2_0.35'].map((name) =>
          path.join(shared, 'weights', name),
        )),
  ];
  if (shared === null) it.skip('MobileNetV1 and Teachable Machine (needs ../shared/data)');

  it.each(places.map((place) => [path.basename(place), place]))(
    '%s, at the output and inside a residual',
    async (_, place) => {
      const imported = await importNetwork(place);
      if (!imported.ok) throw new Error(imported.error.message);
      const layers = requireLayers(imported.value);
      if (!layers.ok) throw new Error(layers.error.message);
      const { network, weights } = layers.value;
      const shape = [2, ...network.inputShape];
      const random = createRandom(5, 'image');
      const pixels = Float32Array.from({ length: sizeOf(shape) }, () => Math.floor(random.uniform(0, 256)));
      const middle = network.layers.filter(({ weights: own }) => own.length > 0)[20]!.name;
      const outputs = [middle, network.output];
      const actual = await runOnnx(onnxOf(network, weights, outputs, 'tf'), shape, pixels);
      const scaled = pixels.map((value) => value / 127.5 - 1);
      const expected = runExecutor(network, weights, outputs, shape, scaled);
      for (const [index, name] of outputs.entries())
        expect(relativeDifference(actual[name]!.data, expected[index]!.data)).toBeLessThan(1e-4);
    },
  );

  it('go on from values inside a residual as from the image', async () => {
    const imported = await importNetwork(bundled);
    if (!imported.ok) throw new Error(imported.error.message);
    const layers = requireLayers(imported.value);
    if (!layers.ok) throw new Error(layers.error.message);
    const { network, weights } = layers.value;
    const from = ['block_14_add', 'block_15_depthwise_relu'];
    const shape = [1, ...network.inputShape];
    const random = createRandom(5, 'image');
    const pixels = Float32Array.from({ length: sizeOf(shape) }, () => Math.floor(random.uniform(0, 256)));
    const whole = await runOnnx(onnxOf(network, weights, [...from, network.output], 'tf'), shape, pixels);
    const written = writeOnnx(network, weights, {
      outputs: [network.output],
      preprocess: 'tf',
      inputType: 'float32',
      from,
    });
    if (!written.ok) throw new Error(written.error.message);
    const session = await openOnnxSession(written.value);
    if (!session.ok) throw new Error(session.error.found);
    const rest = await session.value.run(
      Object.fromEntries(from.map((name) => [givenName(name), whole[name]!])),
    );
    await session.value.dispose();
    expect(relativeDifference(rest[network.output]!.data, whole[network.output]!.data)).toBeLessThan(1e-6);
  });

  it('scales pixels as Keras’s preprocess_input does', async () => {
    // Keras 2.15 imagenet_utils.preprocess_input on one pixel (10, 100, 200), in its three modes, and 1/255.
    const keras = {
      tf: [-0.92156863, -0.21568626, 0.5686275],
      torch: [-1.9466565, -0.28501397, 1.6813945],
      caffe: [96.061, -16.779, -113.68],
      unit: [0.03921569, 0.39215687, 0.78431374],
      none: [10, 100, 200],
    } as const;
    const input = {
      name: 'input',
      className: 'InputLayer',
      config: {},
      inputs: [],
      outputShape: [1, 1, 3],
      weights: [],
      parameters: 0,
      block: 'stem',
    };
    const network: Network = {
      name: 'pixel',
      layers: [input],
      output: 'input',
      inputShape: [1, 1, 3],
      blocks: [],
    };
    for (const [mode, truth] of Object.entries(keras)) {
      const model = onnxOf(network, new Map(), ['input'], mode as Preprocess);
      const outputs = await runOnnx(model, [1, 1, 1, 3], Float32Array.of(10, 100, 200));
      expect(relativeDifference(outputs['input']!.data, truth)).toBeLessThan(1e-6);
    }
  });
});
