import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue, Network } from '../../../../../shared/domain/network.ts';
import { judgeMissing, keras3Missing, sharedData } from '../../../testing/judge.ts';
import type { KerasFiles } from '../../../testing/kerasFiles.ts';
import { writeKerasFiles } from '../../../testing/kerasFiles.ts';
import { buildNetwork, specsOf } from '../../structure/buildNetwork.ts';
import { flattenTopology } from '../topology/flatten.ts';
import { loadWeightsOnto } from './loadWeightsOnto.ts';
import { readKerasWeights } from './readKerasWeights.ts';

const shared = sharedData();
type Files = (model: string) => KerasFiles;
let keras2: Files;
let keras3: Files;

beforeAll(async () => {
  if (judgeMissing !== null || keras3Missing !== null) return;
  const models = ['branches', 'many_layers'];
  [keras2, keras3] = await Promise.all([
    writeKerasFiles(models, 'judges'),
    writeKerasFiles(models, 'judges-keras3'),
  ]);
}, 240_000);

/** The network of a Keras 2 whole-model file, without its weights. */
async function networkOf(files: KerasFiles): Promise<Network> {
  const stored = await readKerasWeights(files.file('model.h5'));
  if (!stored.ok) throw new Error(stored.error.message);
  await stored.value.close();
  const config = JSON.parse(stored.value.modelConfig ?? '{}') as JsonValue;
  const topology = flattenTopology({ model_config: config }, 'model.h5');
  if (!topology.ok) throw new Error(topology.error.message);
  const network = buildNetwork('judge', topology.value.layers, topology.value.output);
  if (!network.ok) throw new Error(network.error.message);
  return network.value;
}

async function expectWeights(network: Network, files: KerasFiles, file: string): Promise<void> {
  const loaded = await loadWeightsOnto(network, files.file(file));
  if (!loaded.ok) throw new Error(`${file}: ${loaded.error.message} ${loaded.error.found ?? ''}`);
  for (const [layer, weights] of Object.entries(files.model.weights)) {
    const ours = network.layers.find(({ name }) => name === layer)!.weights;
    expect(ours.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape));
    for (const [index, { data }] of weights.entries())
      expect([...loaded.value.get(`${layer}/${ours[index]!.name}`)!.data]).toEqual(data);
  }
}

/** The same network with other layer names, so that only order and class can tell. */
function renamed(network: Network): Network {
  const specs = specsOf(network).map((spec) => ({
    ...spec,
    name: `other_${spec.name}`,
    inputs: spec.inputs.map((input) => `other_${input}`),
  }));
  const built = buildNetwork(network.name, specs, `other_${network.output}`);
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

const needs = { skip: judgeMissing !== null || keras3Missing !== null };

describe('Keras weights', needs, () => {
  it.each(['branches', 'many_layers'])('load from every file of %s, to the bit', async (model) => {
    const network = await networkOf(keras2(model));
    for (const file of ['weights.h5', 'model.h5', 'model.weights.h5', 'model.keras'])
      await expectWeights(network, keras2(model), file);
    for (const file of ['model.h5', 'model.weights.h5', 'model.keras'])
      await expectWeights(network, keras3(model), file);
  });

  it('load by order, and by class and number, where no name matches', async () => {
    const network = await networkOf(keras2('branches'));
    const other = renamed(network);
    for (const [files, file] of [
      [keras2('branches'), 'weights.h5'],
      [keras2('branches'), 'model.keras'],
      [keras3('branches'), 'model.h5'],
      [keras3('branches'), 'model.weights.h5'],
    ] as const) {
      const loaded = await loadWeightsOnto(other, files.file(file));
      if (!loaded.ok) throw new Error(`${file}: ${loaded.error.message}`);
      for (const [layer, weights] of Object.entries(files.model.weights)) {
        const ours = other.layers.find(({ name }) => name === `other_${layer}`)!.weights;
        for (const [index, { data }] of weights.entries())
          expect([...loaded.value.get(`other_${layer}/${ours[index]!.name}`)!.data]).toEqual(data);
      }
    }
  });

  it('of another shape are refused, naming layer, expected and found', async () => {
    const network = await networkOf(keras2('branches'));
    const specs = specsOf(network).map((spec) =>
      spec.name === 'classes' ? { ...spec, config: { ...spec.config, units: 9 } } : spec,
    );
    const wider = buildNetwork('wider', specs, network.output);
    if (!wider.ok) throw new Error(wider.error.message);
    for (const file of ['weights.h5', 'model.weights.h5', 'model.keras']) {
      const loaded = await loadWeightsOnto(wider.value, keras2('branches').file(file));
      expect(loaded).toMatchObject({ ok: false, error: { code: 'input-unsupported' } });
      if (loaded.ok) continue;
      expect(loaded.error.message).toContain('"classes"');
      expect(loaded.error.expected).toContain('kernel [6, 9]');
      expect(loaded.error.found).toContain('[6, 5]');
    }
  });

  it('of another network are refused', async () => {
    const network = await networkOf(keras2('branches'));
    for (const file of ['weights.h5', 'model.weights.h5']) {
      const loaded = await loadWeightsOnto(network, keras2('many_layers').file(file));
      expect(loaded).toMatchObject({ ok: false, error: { code: 'input-unsupported' } });
    }
  });
});

describe('SqueezeNet’s published weights', { skip: shared === null }, () => {
  it('open as 25 layers in order, 722,496 values', async () => {
    const file =
      'weights/squeezenet1.1_notop_keras_h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5';
    const stored = await readKerasWeights(path.join(shared!, file));
    if (!stored.ok) throw new Error(stored.error.message);
    const layers = stored.value.layers.filter(({ weights }) => weights.length > 0);
    expect(layers[0]!.weights[0]!.shape).toEqual([3, 3, 3, 64]);
    const sizes = layers.flatMap(({ weights }) => weights.map(({ shape }) => shape.reduce((a, b) => a * b)));
    expect([layers.length, sizes.reduce((a, b) => a + b)]).toEqual([25, 722_496]);
    const kernel = await layers[0]!.weights[0]!.read();
    expect(kernel.ok && kernel.value.every((value) => Number.isFinite(value))).toBe(true);
    await stored.value.close();
  });
});
