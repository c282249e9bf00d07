import type { Network, Preprocess } from '../../../../shared/domain/network.ts';
import { findLayer } from '../../../../shared/domain/network.ts';
import type { Result } from '../../../../shared/result.ts';
import { ok } from '../../../../shared/result.ts';
import type { WeightArray } from '../../network/index.ts';
import { givenName, sizeOf, writeOnnx } from '../../network/index.ts';
import type { OnnxSession } from '../../runtime/onnx.ts';
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

/** Frozen layers between two cuts. */
export interface Segment {
  readonly lanes: number;
  /** From the values at the earlier cut [count × …] to those at the later one, both as `Prefix.run` lays them out. */
  run(values: Float32Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

type Weights = ReadonlyMap<string, WeightArray>;

/** Compiles the layers up to the frontier for ONNX Runtime. Errors: engine-unsupported. */
export async function openPrefix(
  network: Network,
  weights: Weights,
  options: {
    readonly frontier: readonly string[];
    readonly preprocess: Preprocess;
    readonly threads?: number;
  },
): Promise<Result<Prefix>> {
  const { frontier, preprocess } = options;
  const model = writeOnnx(network, weights, { outputs: frontier, preprocess, inputType: 'uint8' });
  if (!model.ok) return model;
  const opened = await openOnnxSession(model.value, threadsOf(options));
  if (!opened.ok) return opened;
  const session = opened.value;
  const outputs = shapesOf(network, frontier);
  const [height, width, channels] = network.inputShape;
  return ok({
    provider: `onnxruntime ${session.provider}`,
    outputs,
    valuesPerImage: outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    lanes: session.lanes,
    run: (pixels, count) =>
      runSession(session, { image: { shape: [count, height, width, channels], data: pixels } }, frontier),
    dispose: () => session.dispose(),
  });
}

/** Compiles the layers between the outputs of `from` and the frontier. Errors: engine-unsupported. */
export async function openSegment(
  network: Network,
  weights: Weights,
  from: readonly string[],
  frontier: readonly string[],
): Promise<Result<Segment>> {
  const options = { outputs: frontier, preprocess: 'none', inputType: 'float32', from } as const;
  const model = writeOnnx(network, weights, options);
  if (!model.ok) return model;
  const opened = await openOnnxSession(model.value);
  if (!opened.ok) return opened;
  const session = opened.value;
  const inputs = shapesOf(network, from);
  return ok({
    lanes: session.lanes,
    run(values, count) {
      const parts = split(values, count, inputs);
      const feeds = inputs.map(({ layer, shape }, index) => [
        givenName(layer),
        { shape: [count, ...shape], data: parts[index] ?? new Float32Array() },
      ]);
      return runSession(session, Object.fromEntries(feeds) as Parameters<OnnxSession['run']>[0], frontier);
    },
    dispose: () => session.dispose(),
  });
}

function threadsOf({ threads }: { readonly threads?: number }): { threads?: number } {
  return threads === undefined ? {} : { threads };
}

function shapesOf(
  network: Network,
  layers: readonly string[],
): { layer: string; shape: readonly number[] }[] {
  return layers.map((layer) => ({ layer, shape: findLayer(network, layer)?.outputShape ?? [] }));
}

async function runSession(
  session: OnnxSession,
  feeds: Parameters<OnnxSession['run']>[0],
  frontier: readonly string[],
): Promise<Float32Array> {
  const count = Object.values(feeds)[0]?.shape[0] ?? 0;
  const values = await session.run(feeds);
  const parts = frontier.map((layer) => {
    const part = values[layer];
    if (part === undefined) throw new Error(`ONNX Runtime gave no ${layer}`);
    return part.data;
  });
  return interleave(parts, count);
}

/** From one array per layer to one row per image. */
function interleave(parts: readonly Float32Array[], count: number): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const stride = parts.reduce((sum, part) => sum + part.length / count, 0);
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

/** From one row per image to one array per layer. */
export function split(
  rows: Float32Array,
  count: number,
  layers: readonly { readonly shape: readonly number[] }[],
): Float32Array[] {
  if (layers.length === 1) return [rows];
  const stride = rows.length / count;
  let offset = 0;
  return layers.map(({ shape }) => {
    const size = sizeOf(shape);
    const own = new Float32Array(count * size);
    for (let row = 0; row < count; row += 1) {
      const start = row * stride + offset;
      own.set(rows.subarray(start, start + size), row * size);
    }
    offset += size;
    return own;
  });
}
