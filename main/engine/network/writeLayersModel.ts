import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { JsonValue, Layer, Network } from '../../../shared/domain/network.ts';
import { ownerOf } from '../../../shared/domain/network.ts';
import { toFloat16Bits } from './weights/float16.ts';
import type { WeightArray } from './weights/weights.ts';
import { weightKey } from './weights/weights.ts';

/** One shard is read whole by every loader; beyond this it is split, as tensorflowjs_converter does. */
const shardBytes = 4 * 2 ** 20;

/**
 * Writes `model.json` (a Keras 2 functional topology) and its weight files into a folder: a TensorFlow.js LayersModel
 * that tfjs-layers and `importNetwork` load, and whose topology Keras's `model_from_json` loads.
 * With `float16` the weights take half the space and lose what a half cannot hold (11 significant bits).
 * Rejects when the disk refuses; `model.json` is written last, so that a folder with one is complete.
 */
export async function writeLayersModel(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  folder: string,
  options: { float16?: boolean } = {},
): Promise<void> {
  const float16 = options.float16 ?? false;
  const entries = network.layers.flatMap((layer) =>
    layer.weights.map((spec) => {
      const name = weightKey(layer.name, spec.name);
      const weight = weights.get(name);
      if (weight === undefined) throw new Error(`Network ${network.name} has no weight ${name}`);
      return { name, weight };
    }),
  );
  const bytes = Buffer.concat(entries.map(({ weight }) => encode(weight.data, float16)));
  const shards = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const paths = Array.from({ length: shards }, (_, index) =>
    shards === 1 ? 'weights.bin' : `group1-shard${index + 1}of${shards}.bin`,
  );
  await mkdir(folder, { recursive: true });
  for (const [index, name] of paths.entries()) {
    const shard = bytes.subarray(index * shardBytes, (index + 1) * shardBytes);
    await writeFileAtomic(path.join(folder, name), shard);
  }
  const model = {
    format: 'layers-model',
    generatedBy: 'Thaw',
    convertedBy: null,
    modelTopology: kerasTopology(network),
    weightsManifest: [
      {
        paths,
        weights: entries.map(({ name, weight }) => ({
          name,
          shape: weight.shape,
          dtype: 'float32',
          ...(float16 ? { quantization: { dtype: 'float16', original_dtype: 'float32' } } : {}),
        })),
      },
    ],
  };
  await writeFileAtomic(path.join(folder, 'model.json'), JSON.stringify(model));
}

/** The network as Keras 2.15 writes a functional model (`model_config` and its surroundings). */
export function kerasTopology(network: Network): JsonValue {
  const input = network.layers[0]?.name ?? '';
  const calls = callsOf(network);
  return {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Functional',
      config: {
        name: network.name.replace(/[^A-Za-z0-9_.-]/g, '_'),
        trainable: true,
        layers: network.layers
          .filter(({ sharedWith }) => sharedWith === undefined)
          .map((layer) => kerasLayer(layer, network, calls)),
        input_layers: [[input, 0, 0]],
        output_layers: [calls.get(network.output) ?? []],
      },
    },
  };
}

/** What Keras calls a layer's value: the layer that owns the weights, which of its calls, and the first output. */
function callsOf(network: Network): Map<string, [string, number, number]> {
  const counts = new Map<string, number>();
  return new Map(
    network.layers.map((layer) => {
      const owner = ownerOf(layer);
      const call = counts.get(owner) ?? 0;
      counts.set(owner, call + 1);
      return [layer.name, [owner, call, 0]];
    }),
  );
}

function kerasLayer(
  layer: Layer,
  network: Network,
  calls: ReadonlyMap<string, readonly [string, number, number]>,
): JsonValue {
  const config: Record<string, JsonValue> = { ...layer.config, name: layer.name };
  const nodes = network.layers
    .filter((one) => ownerOf(one) === layer.name && one.inputs.length > 0)
    .map(({ inputs }) => inputs.map((name): JsonValue => [...(calls.get(name) ?? [name, 0, 0]), {}]));
  // Keras 2.15 has no activation function called relu6, but its ReLU layer takes the bound.
  const bounded = layer.className === 'Activation' && config['activation'] === 'relu6';
  return {
    class_name: bounded ? 'ReLU' : layer.className,
    config: bounded
      ? { name: layer.name, trainable: true, max_value: 6, negative_slope: 0, threshold: 0 }
      : config,
    name: layer.name,
    inbound_nodes: nodes,
  };
}

function encode(values: Float32Array, float16: boolean): Buffer {
  const width = float16 ? 2 : 4;
  const bytes = Buffer.alloc(values.length * width);
  for (const [index, value] of values.entries()) {
    if (float16) bytes.writeUInt16LE(toFloat16Bits(value), index * 2);
    else bytes.writeFloatLE(value, index * 4);
  }
  return bytes;
}
