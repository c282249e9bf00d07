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
  /** Runs that are computed at the same time. */
  readonly lanes: number;
  /**
   * @param pixels [count, height, width, 3], RGB; its memory is handed over and must not be used afterwards.
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
  const valuesPerImage = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const [height, width, channels] = network.inputShape;
  return ok({
    provider: `onnxruntime ${session.provider}`,
    outputs,
    valuesPerImage,
    lanes: session.lanes,
    async run(pixels, count) {
      const shape = [count, height, width, channels];
      const values = await session.run({ image: { shape, data: pixels } });
      const parts = outputs.map(({ layer }) => {
        const part = values[layer];
        if (part === undefined) throw new Error(`ONNX Runtime gave no ${layer}`);
        return part.data;
      });
      return interleave(parts, count, valuesPerImage);
    },
    dispose: () => session.dispose(),
  });
}

/** From one array per layer to one row per image. */
function interleave(parts: readonly Float32Array[], count: number, stride: number): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const rows = new Float32Array(count * stride);
  let offset = 0;
  for (const part of parts) {
    const size = part.length / count;
    for (let row = 0; row < count; row += 1)
      rows.set(part.subarray(row * size, (row + 1) * size), row * stride + offset);
    offset += size;
  }
  return rows;
}
