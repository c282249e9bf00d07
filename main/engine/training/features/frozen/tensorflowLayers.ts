import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Layer } from '../../../../../shared/domain/network.ts';
import { findLayer, ownerOf } from '../../../../../shared/domain/network.ts';
import type { Result } from '../../../../../shared/result.ts';
import { err, ok } from '../../../../../shared/result.ts';
import type { WeightArray } from '../../../network/index.ts';
import { forward, inferenceMode, layersBetween, sizeOf, weightKey } from '../../../network/index.ts';
import type { NativeBackend } from '../../../runtime/addon/binding.ts';
import { isNative } from '../../../runtime/addon/binding.ts';
import { byteTensor, floatsOf } from '../../../runtime/compiled/bytes.ts';
import type { ArgumentSpec, Program } from '../../../runtime/compiled/compiledProgram.ts';
import { compileProgram } from '../../../runtime/compiled/compiledProgram.ts';
import type { TensorFlowRuntime } from '../../../runtime/tensorflow.ts';
import type { Tf } from '../../../runtime/tf.ts';
import { batchedRuns } from './batchedRuns.ts';
import type { FrozenLayers, FrozenPart } from './frozenLayers.ts';
import { givenShapes, shapesOf } from './frozenLayers.ts';
import { scaleImages } from './scaleImages.ts';

/** A GPU wants many images at once; a processor's caches want few. */
const batchSizes = { gpu: 64, cpu: 16 } as const;

const functionName = 'frozen';

/**
 * Frozen layers as one TensorFlow graph in a session of its own: bytes go in, scaling is part of it. The error is one
 * sentence: why TensorFlow cannot have them.
 * @param onNotice told when a batch is halved because it does not fit into memory.
 */
export async function openTensorFlowLayers(
  { tf, onGpu }: TensorFlowRuntime,
  part: FrozenPart,
  onNotice: (message: string) => void,
): Promise<Result<FrozenLayers, string>> {
  const backend = tf.backend();
  if (!isNative(backend)) return err('its native runtime is not in use');
  const compiled = await compileProgram(tf, programOf(tf, backend, part));
  if (!compiled.ok) return compiled;
  const program = compiled.value;
  const { network, from, frontier } = part;
  const shapes = givenShapes(part);
  const device = onGpu ? 'gpu' : 'cpu';
  const batchSize = batchSizes[device];
  const tensorOf = (data: Uint8Array | Float32Array, shape: number[]): Tensor =>
    data instanceof Uint8Array ? byteTensor(backend, shape, data) : tf.tensor(data, shape);
  const runs = batchedRuns({
    given: shapes.map(sizeOf),
    wanted: shapesOf(network, frontier).map(({ shape }) => sizeOf(shape)),
    most: batchSize,
    sizes: () => program.batchSizes(functionName),
    async run(given, size) {
      const inputs = given.map((data, index) => tensorOf(data, [size, ...(shapes[index] ?? [])]));
      const outputs: Record<string, Tensor> = {};
      try {
        Object.assign(outputs, await program.call(functionName, numbered(inputs)));
        const values = frontier.map(
          (_, index) => outputs[index]?.data() as Promise<Float32Array> | undefined,
        );
        return await Promise.all(values.map((value) => value ?? missing('value')));
      } finally {
        tf.dispose([inputs, outputs]);
      }
    },
    onHalved(size) {
      const what = from.layers === undefined ? 'images' : 'images’ features';
      onNotice(`Memory is short: the frozen layers take ${size} ${what} at a time.`);
    },
  });
  return ok({
    provider: `tensorflow ${device}`,
    device,
    lanes: 1,
    batchSize,
    run: (given, count) => runs.run(given, count),
    async dispose() {
      await runs.settled();
      program.dispose();
    },
  });
}

/** The part as a function of the image's bytes, or of layers' values, with its weights as state. */
function programOf(tf: Tf, backend: NativeBackend, part: FrozenPart): Program {
  const { network, from, frontier } = part;
  const isImage = from.layers === undefined;
  const names = from.layers ?? network.layers.filter(isInput).map(({ name }) => name);
  const specs = givenShapes(part).map((shape): ArgumentSpec => {
    return { shape: ['batch', ...shape], dtype: isImage ? 'uint8' : 'float32' };
  });
  const needed = layersBetween(network, new Set(names), frontier);
  return {
    state: new Map(needed.flatMap((layer) => weightsOf(part, layer))),
    functions: {
      [functionName]: {
        inputs: numbered(specs),
        run(state, inputs) {
          const feeds = names.map((name, index) => {
            const value = inputs[index] ?? missing(name);
            return [name, isImage ? scaleImages(tf, floatsOf(backend, value), from.image) : value] as const;
          });
          const outputs = forward(tf, network, state, new Map(feeds), frontier, inferenceMode);
          return { outputs: numbered(outputs), updates: new Map() };
        },
      },
    },
  };
}

/** A layer's weights by key; a shared layer's are its owner's. */
function weightsOf({ network, weights }: FrozenPart, layer: Layer): [string, WeightArray][] {
  const owner = findLayer(network, ownerOf(layer)) ?? layer;
  return owner.weights.map(({ name }) => {
    const key = weightKey(owner.name, name);
    return [key, weights.get(key) ?? missing(key)];
  });
}

/** What a program is given, and gives, is called by its number. */
function numbered<T>(values: readonly T[]): Record<string, T> {
  return Object.fromEntries(values.map((value, index) => [`${index}`, value]));
}

function isInput({ className }: Layer): boolean {
  return className === 'InputLayer';
}

function missing(what: string): never {
  throw new Error(`The frozen layers have no ${what}`);
}
