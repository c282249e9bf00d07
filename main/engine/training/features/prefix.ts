import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../../network/index.ts';
import { sizeOf } from '../../network/index.ts';
import { shapesOf } from './frozen/frozenLayers.ts';
import type { FrozenOptions } from './frozen/openFrozenLayers.ts';
import { openFrozenLayers } from './frozen/openFrozenLayers.ts';
import { interleave, split } from './frozen/rows.ts';

/** The frozen part of a network: from pixels to the values at the frontier. */
export interface Prefix {
  /** What computes it, e.g. "onnxruntime cpu". */
  readonly provider: string;
  /** Told where a GPU may round its values more coarsely than float32. */
  readonly device?: 'gpu';
  /** Frontier layers, and the Keras shape of one image's value. */
  readonly outputs: readonly { readonly layer: string; readonly shape: readonly number[] }[];
  readonly valuesPerImage: number;
  /** Runs that are computed at the same time. */
  readonly lanes: number;
  /** Images a run had best be given, where it matters. */
  readonly batchSize?: number;
  /**
   * @param pixels [count, height, width, 3], RGB; its memory is handed over and must not be used afterwards.
   * @returns [count × valuesPerImage]: for each image the frontier layers' values one after the other.
   */
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Frozen layers between two cuts. */
export interface Segment {
  readonly lanes: number;
  /** Rows a run had best be given, where it matters. */
  readonly batchSize?: number;
  /** From the values at the earlier cut [count × …] to those at the later one, both as `Prefix.run` lays them out. */
  run(values: Float32Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

type Weights = ReadonlyMap<string, WeightArray>;

/** Compiles the layers up to the frontier for the runtime they are to run in. Errors: those of openFrozenLayers. */
export async function openPrefix(
  network: Network,
  weights: Weights,
  options: FrozenOptions & {
    readonly frontier: readonly string[];
    readonly preprocess: Preprocess;
  },
): Promise<Result<Prefix>> {
  const { frontier, preprocess } = options;
  const part = { network, weights, from: { image: preprocess }, frontier };
  const opened = await openFrozenLayers(part, options);
  if (!opened.ok) return opened;
  const layers = opened.value;
  const outputs = shapesOf(network, frontier);
  return ok({
    // ONNX Runtime may have taken over by the time it is asked for.
    get provider() {
      return layers.provider;
    },
    ...(layers.device === 'gpu' && { device: layers.device }),
    outputs,
    valuesPerImage: outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    lanes: layers.lanes,
    batchSize: layers.batchSize,
    run: async (pixels, count) => interleave(await layers.run([pixels], count), count),
    dispose: () => layers.dispose(),
  });
}

/** Compiles the layers between the outputs of `from` and the frontier. Errors: those of openFrozenLayers. */
export async function openSegment(
  network: Network,
  weights: Weights,
  from: readonly string[],
  frontier: readonly string[],
  options: FrozenOptions = {},
): Promise<Result<Segment>> {
  const opened = await openFrozenLayers({ network, weights, from: { layers: from }, frontier }, options);
  if (!opened.ok) return opened;
  const layers = opened.value;
  const inputs = shapesOf(network, from);
  return ok({
    lanes: layers.lanes,
    batchSize: layers.batchSize,
    run: async (values, count) => interleave(await layers.run(split(values, count, inputs), count), count),
    dispose: () => layers.dispose(),
  });
}
