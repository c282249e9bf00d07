import type { JsonValue, Network } from '../../../../../shared/domain/network.ts';
import { buildNetwork } from '../../structure/buildNetwork.ts';
import type { LayerSpec } from '../../structure/buildNetwork.ts';
import { createRandom } from '../../weights/random.ts';
import { sizeOf, weightKey } from '../../weights/weights.ts';
import type { Weights } from '../../weights/weights.ts';

/** A small network and a batch for it, to be asked of two engines. */
export interface Case {
  title: string;
  network: Network;
  weights: Weights;
  input: { shape: number[]; data: number[] };
  probe: { shape: number[]; data: number[] };
  training: boolean;
}
export type Config = Record<string, JsonValue>;

const random = createRandom(1, 'layer tests');
const draw = (size: number, scale = 1): number[] =>
  Array.from({ length: size }, () => Math.fround(random.normal(0, scale)));

export function layer(className: string, config: Config, inputs = ['input'], name = 'layer'): LayerSpec {
  return { name, className, config: { name, ...config }, inputs };
}

export function makeCase(title: string, specs: LayerSpec[], shape = [7, 6, 3], training = false): Case {
  const input = {
    name: 'input',
    className: 'InputLayer',
    config: { name: 'input', batch_input_shape: [null, ...shape], dtype: 'float32' },
    inputs: [],
  };
  const built = buildNetwork('judge', [input, ...specs], specs.at(-1)?.name ?? '');
  if (!built.ok) throw new Error(`${title}: ${built.error.message}`);
  const network = built.value;
  const weights: Weights = new Map();
  for (const { name, weights: own } of network.layers) {
    for (const spec of own) {
      const data = draw(sizeOf(spec.shape), 0.5);
      const positive = spec.name.endsWith('variance') ? data.map((value) => Math.abs(value) + 0.5) : data;
      weights.set(weightKey(name, spec.name), { shape: spec.shape, data: new Float32Array(positive) });
    }
  }
  const output = [2, ...(network.layers.at(-1)?.outputShape ?? [])];
  return {
    title,
    network,
    weights,
    input: { shape: [2, ...shape], data: draw(2 * sizeOf(shape), 2) },
    probe: { shape: output, data: draw(sizeOf(output)) },
    training,
  };
}

export const one = (className: string, config: Config = {}, shape?: number[], training = false): Case =>
  makeCase(titleOf(className, config, training), [layer(className, config)], shape, training);

/** The layer on a flattened image. */
export const onVector = (className: string, config: Config = {}, training = false): Case =>
  makeCase(
    `${titleOf(className, config, training)} on a vector`,
    [layer('Flatten', {}, ['input'], 'vector'), layer(className, config, ['vector'])],
    [2, 2, 3],
    training,
  );

const titleOf = (className: string, config: Config, training: boolean): string =>
  `${className} ${JSON.stringify(config)}${training ? ' training' : ''}`;

/** Two branches into one merge. */
export const merge = (className: string, config: Config = {}): Case =>
  makeCase(`${className} ${JSON.stringify(config)}`, [
    layer('Conv2D', { filters: 3, kernel_size: [3, 3], padding: 'same' }, ['input'], 'left'),
    layer('ReLU', {}, ['input'], 'right'),
    layer(className, config, ['left', 'right']),
  ]);
