import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { packageRoot } from '../runtime/packageRoot.ts';
import { loadTensorFlow } from '../runtime/tensorflow.ts';
import type { Tf } from '../runtime/tf.ts';
import { judgeMissing, runJudge, sharedData } from '../testing/judge.ts';
import { forward, inferenceMode } from './forward/executor.ts';
import { attachHead, dropHead } from './structure/head.ts';
import type { ImportedLayers } from './importers/imported.ts';
import { importNetwork, requireLayers } from './importNetwork.ts';
import { createRandom } from './weights/random.ts';
import { glorotLimit, randomWeights } from './weights/randomWeights.ts';
import { writeLayersModel } from './writeLayersModel.ts';
import { findArchitecture } from './architectures/index.ts';
import { listBackbones, resolveBackbone } from './catalogue/catalogue.ts';

const shared = sharedData();
const bundled = path.join(packageRoot, 'assets', 'backbones', 'thaw-mobilenet-v2-035-128');
let tf: Tf;

beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
});

async function load(location: string): Promise<ImportedLayers> {
  const imported = await importNetwork(location);
  if (!imported.ok) throw new Error(imported.error.message);
  const layers = requireLayers(imported.value);
  if (!layers.ok) throw new Error(layers.error.message);
  return layers.value;
}

const folder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'thaw-network-'));

/** The largest difference between our outputs and Keras's on the same random batch, relative to Keras's largest. */
async function differenceToKeras(imported: ImportedLayers, modelFolder: string): Promise<number> {
  const { network, weights } = imported;
  const random = createRandom(3, 'input');
  const [height, width, channels] = network.inputShape;
  const shape = [2, height, width, channels];
  const data = Float32Array.from({ length: 2 * height * width * channels }, () => random.uniform(-1, 1));
  const layers = [network.layers.at(Math.floor(network.layers.length / 2))!.name, network.output];
  const file = path.join(await folder(), 'input.json');
  await writeFile(file, JSON.stringify({ shape, data: [...data], layers }));
  const verdict = JSON.parse(await runJudge('network_forward.py', [modelFolder, file])) as Record<
    string,
    number[]
  >;
  const outputs = tf.tidy(() => {
    const variables = new Map<string, Tensor>();
    for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
    const feeds = new Map([[network.layers[0]!.name, tf.tensor(data, shape)]]);
    return forward(tf, network, variables, feeds, layers, inferenceMode).map((output) => output.dataSync());
  });
  let worst = 0;
  for (const [index, layer] of layers.entries()) {
    const truth = verdict[layer]!;
    const scale = truth.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
    for (const [at, value] of truth.entries())
      worst = Math.max(worst, Math.abs(value - outputs[index]![at]!) / scale);
  }
  return worst;
}

describe.skipIf(judgeMissing !== null)(`whole networks against Keras ${judgeMissing ?? ''}`, () => {
  it('computes the bundled backbone as Keras does', async () => {
    expect(await differenceToKeras(await load(bundled), bundled)).toBeLessThan(1e-4);
  });

  it('writes a model that Keras loads and computes the same, head attached and image size changed', async () => {
    const { network, weights } = await load(bundled);
    const head = attachHead(network, weights, {
      classes: ['a', 'b', 'c'],
      units: [8],
      dropout: 0.5,
      seed: 1,
      imageSize: 96,
    });
    if (!head.ok) throw new Error(head.error.message);
    const place = await folder();
    await writeLayersModel(head.value.network, head.value.weights, place);
    const again = await load(place);
    expect(again.network.inputShape).toEqual([96, 96, 3]);
    expect(again.network.output).toBe('probabilities');
    expect(again.weights).toEqual(head.value.weights);
    expect(await differenceToKeras(again, place)).toBeLessThan(1e-4);
  });

  it.skipIf(shared === null)('computes MobileNetV1 0.25 as Keras does (needs ../shared/data)', async () => {
    const place = path.join(shared!, 'weights', 'mobilenet_v1_0.25_224_tfjs');
    const imported = await load(place);
    const copy = await folder();
    await writeLayersModel(imported.network, imported.weights, copy);
    expect(await differenceToKeras(imported, copy)).toBeLessThan(1e-4);
  });

  it.skipIf(shared === null)(
    'flattens a Teachable Machine model and computes it as Keras does (needs ../shared/data)',
    async () => {
      const imported = await load(path.join(shared!, 'weights', 'teachablemachine_image_v2_0.35'));
      const copy = await folder();
      await writeLayersModel(imported.network, imported.weights, copy);
      expect(await differenceToKeras(imported, copy)).toBeLessThan(1e-4);
      expect(imported.preprocess).toBe('tf');
    },
  );
});

describe('blocks and heads', () => {
  it('groups MobileNetV2 as its paper does: a stem, 17 bottlenecks, a top', async () => {
    const { network } = await load(bundled);
    const bottlenecks = network.blocks.filter(({ name }) => name.startsWith('block_'));
    expect(bottlenecks).toHaveLength(17);
    expect(network.blocks[0]!.name).toBe('stem');
    expect(network.blocks.reduce((sum, block) => sum + block.parameters, 0)).toBe(410_208);
    expect(network.layers.find(({ name }) => name === 'block_13_expand')!.block).toBe('block_13');
  });

  it.skipIf(shared === null)('takes the classifier off real models (needs ../shared/data)', async () => {
    const v1 = dropHead((await load(path.join(shared!, 'weights', 'mobilenet_v1_0.25_224_tfjs'))).network);
    if (!v1.ok) throw new Error(v1.error.message);
    expect(v1.value.network.layers.at(-1)!.outputShape).toEqual([256]);
    expect(v1.value.dropped).toContain('conv_preds');
    const machine = dropHead(
      (await load(path.join(shared!, 'weights', 'teachablemachine_image_v2_0.35'))).network,
    );
    if (!machine.ok) throw new Error(machine.error.message);
    expect(machine.value.network.layers.at(-1)!.outputShape).toEqual([1280]);
  });

  it('refuses to thaw a GraphModel, and imports it frozen', async () => {
    if (shared === null) return;
    const graph = await importNetwork(path.join(shared, 'weights', 'mobilenet_v1_0.25_224_tfjs_graph'));
    if (!graph.ok) throw new Error(graph.error.message);
    expect(graph.value).toMatchObject({ kind: 'graph', inputShape: [224, 224, 3] });
    const refused = requireLayers(graph.value);
    expect(!refused.ok && refused.error.message).toContain('frozen only');
  });

  it('initialises within Glorot’s limit, the same for a seed', async () => {
    const { network } = await load(bundled);
    const [one, same, other] = [
      randomWeights(network, 1),
      randomWeights(network, 1),
      randomWeights(network, 2),
    ];
    expect(one).toEqual(same);
    expect(one.get('Conv1/kernel')).not.toEqual(other.get('Conv1/kernel'));
    // 3 × 3 field, 3 in, 16 out.
    expect(glorotLimit([3, 3, 3, 16])).toBeCloseTo(Math.sqrt(6 / (27 + 144)), 12);
    const largest = Math.max(...one.get('Conv1/kernel')!.data.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(glorotLimit([3, 3, 3, 16]));
    expect(largest).toBeGreaterThan(0.9 * glorotLimit([3, 3, 3, 16]));
  });
});

describe('architectures with random weights', () => {
  it('start as Keras’s do: normalised pixels stay as they are, ConvNeXt’s branches hardly count', () => {
    const weightsFor = (name: string) => {
      const network = findArchitecture(name)!.build({ imageSize: 32 });
      if (!network.ok) throw new Error(network.error.message);
      return randomWeights(network.value, 1);
    };
    const efficient = weightsFor('efficientnet-b0');
    expect([...efficient.get('normalization/mean')!.data]).toEqual([0, 0, 0]);
    expect([...efficient.get('normalization/variance')!.data]).toEqual([1, 1, 1]);
    const scale = weightsFor('convnext-tiny').get('convnext_tiny_stage_0_block_0_layer_scale/gamma')!;
    expect(scale.data[0]).toBeCloseTo(1e-6, 12);
  });

  it('are asked for by name: without weights the answer says how to get them', async () => {
    const without = await resolveBackbone('ResNet50');
    expect(without).toMatchObject({ ok: false, error: { code: 'input-missing' } });
    expect(!without.ok && without.error.remedy).toMatch(/--weights FILE.*--random-weights/);
    const known = await resolveBackbone('resnet50', { withoutWeights: true, imageSize: 64 });
    expect(known).toMatchObject({
      ok: true,
      value: { preprocess: 'caffe', network: { inputShape: [64, 64, 3] } },
    });
    const missed = await resolveBackbone('efficentnet-b0');
    expect(!missed.ok && missed.error.remedy).toContain('efficientnet-b0');
  });
});

describe('the bundled catalogue', () => {
  it('lists the bundled backbone and suggests it for a near miss', async () => {
    expect((await listBackbones()).map(({ card }) => card.name)).toEqual(['thaw-mobilenet-v2-035-128']);
    const missed = await resolveBackbone('thaw-mobilenet-v2-035-182');
    expect(!missed.ok && missed.error.remedy).toContain('thaw-mobilenet-v2-035-128');
  });
});

describe('damaged models', () => {
  const damage = async (change: (place: string) => Promise<void>): Promise<string> => {
    const place = await folder();
    await cp(bundled, place, { recursive: true });
    await change(place);
    const imported = await importNetwork(place);
    if (imported.ok) throw new Error('The damage went unnoticed');
    return `${imported.error.code}: ${imported.error.message}`;
  };
  const edit = (place: string, change: (text: string) => string): Promise<void> => {
    const file = path.join(place, 'model.json');
    return readFile(file, 'utf8').then((text) => writeFile(file, change(text)));
  };

  it('names a weight file that is cut short', async () => {
    const message = await damage(async (place) => {
      const file = path.join(place, 'weights.bin');
      await writeFile(file, (await readFile(file)).subarray(0, -10));
    });
    expect(message).toMatch(/^input-corrupt: .*weights\.bin/);
  });

  it('refuses weight files outside the folder', async () => {
    const message = await damage((place) =>
      edit(place, (text) => text.replace('"weights.bin"', '"../../../etc/passwd"')),
    );
    expect(message).toMatch(/^input-refused/);
  });

  it('says what is wrong with a model.json that is not JSON, and with a layer it does not know', async () => {
    expect(await damage((place) => edit(place, (text) => text.slice(0, -5)))).toMatch(
      /^input-corrupt: .*model\.json/,
    );
    const unknown = await damage((place) =>
      edit(place, (text) => text.replaceAll('"DepthwiseConv2D"', '"LSTM"')),
    );
    expect(unknown).toMatch(/^engine-unsupported: .*LSTM/);
  });
});
