import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../runtime/packageRoot.ts';
import { loadTensorFlow } from '../../../runtime/tensorflow.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { buildNetwork } from '../../structure/buildNetwork.ts';
import { forward, inferenceMode } from '../../forward/executor.ts';
import { importNetwork } from '../../importNetwork.ts';
import { flattenTopology } from '../topology/flatten.ts';

/** Written by Keras 1.2.2, with what it computes (scripts/judges/keras1_fixtures.py). */
const folder = path.join(packageRoot, 'main', 'engine', 'testing', 'keras1');
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { input: number[]; output: number[] }
>;

let tf: Tf;
beforeAll(async () => {
  const runtime = await loadTensorFlow();
  if (!runtime.ok) throw new Error(runtime.error.message);
  tf = runtime.value.tf;
});

describe('models of Keras 1.2.2', () => {
  it.each(Object.entries(expected))('%s.h5 gives Keras’s output', async (name, { input, output }) => {
    const imported = await importNetwork(path.join(folder, `${name}.h5`));
    if (!imported.ok) throw new Error(`${imported.error.message} ${imported.error.found ?? ''}`);
    if (imported.value.kind !== 'layers') throw new Error('not layers');
    const { network, weights } = imported.value;
    const values = tf.tidy(() => {
      const variables = new Map<string, Tensor>();
      for (const [key, weight] of weights) variables.set(key, tf.tensor(weight.data, [...weight.shape]));
      const feeds = new Map([[network.layers[0]!.name, tf.tensor(input, [2, ...network.inputShape])]]);
      return [...forward(tf, network, variables, feeds, [network.output], inferenceMode)[0]!.dataSync()];
    });
    expect(values.length).toBe(output.length);
    expect(Math.max(...output.map((value, index) => Math.abs(value - values[index]!)))).toBeLessThan(1e-5);
  });

  it('refuse a normalisation that goes by the batch where the model is used', () => {
    const layers = [
      {
        class_name: 'InputLayer',
        name: 'image',
        config: { batch_input_shape: [null, 4, 4, 3] },
        inbound_nodes: [],
      },
      {
        class_name: 'BatchNormalization',
        name: 'norm',
        config: { name: 'norm', axis: 3, epsilon: 0.001, mode: 2, momentum: 0.99 },
        inbound_nodes: [[['image', 0, 0]]],
      },
    ];
    const config = { name: 'old', layers, input_layers: [['image', 0, 0]], output_layers: [['norm', 0, 0]] };
    const flat = flattenTopology({ class_name: 'Model', config }, 'old.h5');
    if (!flat.ok) throw new Error(flat.error.message);
    const built = buildNetwork('old', flat.value.layers, flat.value.output, 'old.h5');
    expect(built.ok ? null : built.error.message).toMatch(/"norm" of old\.h5 is of class .* of mode 2/);
  });
});
