import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import { findLayer } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../../network/index.ts';
import { sizeOf, writeOnnx } from '../../network/index.ts';
import { openOnnxSession } from '../../runtime/onnx.ts';

/** The frozen part of a network: from pixels to the values at the frontier. */
export interface Prefix {
  /** What computes it, e.g. "onnxruntime cpu". */
  readonly provider: string;
  /** Frontier layers, and the Keras shape of one image's value. */
  readonly outputs: readonly { readonly layer: string; readonly shape: readonly number[] }[];
  readonly valuesPerImage: number;
  /**
   * @param pixels [count, height, width, 3], RGB.
   * @returns [count × valuesPerImage]: for each image the frontier layers' values one after the other.
   */
  run(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Compiles the layers up to the frontier for ONNX Runtime. Errors: engine-unsupported. */
export async function openPrefix(
  network: Network,
  weights: ReadonlyMap<string, WeightArray>,
  options: {
    readonly frontier: readonly string[];
    readonly preprocess: Preprocess;
    readonly threads?: number;
  },
): Promise<Result<Prefix>> {
  const { frontier, preprocess } = options;
  const model = writeOnnx(network, weights, { outputs: frontier, preprocess, inputType: 'uint8' });
  if (!model.ok) return model;
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  const opened = await openOnnxSession(model.value, threads);
  if (!opened.ok) return opened;
  const session = opened.value;
  const outputs = frontier.map((layer) => ({ layer, shape: findLayer(network, layer)?.outputShape ?? [] }));
  const sizes = outputs.map(({ shape }) => sizeOf(shape));
  const valuesPerImage = sizes.reduce((sum, size) => sum + size, 0);
  const [height, width, channels] = network.inputShape;
  const step = imagesPerCall(height, width);
  return ok({
    provider: `onnxruntime ${session.provider}`,
    outputs,
    valuesPerImage,
    async run(pixels, count) {
      const rows = new Float32Array(count * valuesPerImage);
      const imageBytes = height * width * channels;
      for (let first = 0; first < count; first += step) {
        const some = Math.min(step, count - first);
        const data = pixels.subarray(first * imageBytes, (first + some) * imageBytes);
        const values = await session.run({ image: { shape: [some, height, width, channels], data } });
        const parts = outputs.map(({ layer }) => {
          const part = values[layer];
          if (part === undefined) throw new Error(`ONNX Runtime gave no ${layer}`);
          return part.data;
        });
        interleave(parts, sizes, some, rows.subarray(first * valuesPerImage));
      }
      return rows;
    },
    dispose: () => session.dispose(),
  });
}

/** From one array per layer to one row per image. */
function interleave(
  parts: readonly Float32Array[],
  sizes: readonly number[],
  count: number,
  rows: Float32Array,
): void {
  const stride = sizes.reduce((sum, size) => sum + size, 0);
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    const size = sizes[index] ?? 0;
    for (let row = 0; row < count; row += 1)
      rows.set(part.subarray(row * size, (row + 1) * size), row * stride + offset);
    offset += size;
  }
}

/** Images a call: few enough for a layer's values to stay in the processor's cache (8 at 224 × 224). */
function imagesPerCall(height: number, width: number): number {
  return Math.min(32, Math.max(1, Math.round((8 * 224 * 224) / (height * width))));
}
