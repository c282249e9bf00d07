import type { Network, Preprocess } from '../../../../../shared/domain/network.ts';
import { findLayer } from '../../../../../shared/domain/network.ts';
import type { WeightArray } from '../../../network/index.ts';

/** Which layers of a network are to be computed, and from what. */
export interface FrozenPart {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly from: FrozenSource;
  /** Layers whose values are wanted. */
  readonly frontier: readonly string[];
}

/** The image, whose scaling belongs to the part then, or the values of layers. */
export type FrozenSource =
  { readonly image: Preprocess; readonly layers?: never } | { readonly layers: readonly string[] };

/** A part in the memory of a runtime. */
export interface FrozenLayers {
  /** What computes it, e.g. "onnxruntime cpu". */
  readonly provider: string;
  /** Where it is computed: a GPU may round more coarsely than float32. */
  readonly device: 'cpu' | 'gpu';
  /** Runs that are computed at the same time. */
  readonly lanes: number;
  /** Images a run had best be given. */
  readonly batchSize: number;
  /**
   * @param given the image's bytes [count, height, width, 3], or the values of each layer in turn; their memory is handed
   * over. @returns [count × values] of each frontier layer, in Keras's layout.
   */
  run(given: readonly (Uint8Array | Float32Array)[], count: number): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** Keras shapes, without the batch, of what a part is given. */
export function givenShapes({ network, from }: FrozenPart): readonly (readonly number[])[] {
  if (from.layers === undefined) return [network.inputShape];
  return shapesOf(network, from.layers).map(({ shape }) => shape);
}

/** Keras shapes of layers' values, without the batch. */
export function shapesOf(
  network: Network,
  layers: readonly string[],
): { layer: string; shape: readonly number[] }[] {
  return layers.map((layer) => ({ layer, shape: findLayer(network, layer)?.outputShape ?? [] }));
}
