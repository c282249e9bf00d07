import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { WeightType } from '../../../../shared/domain/export.ts';
import { toFloat16Bits } from '../../network/weights/float16.ts';

/** A weight of a TensorFlow.js model. */
export interface TfjsWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
  /**
   * Whether it may lose precision, and how far: a `kernel` is 8-bit where that is asked for, a `depthwise` kernel, whose
   * channels differ too much for one scale, a half; everything else is kept as it is.
   */
  readonly role: 'kernel' | 'depthwise' | 'exact';
}

/** One entry of a model.json's weightsManifest. */
export interface WeightsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly object[];
}

/** One shard is read whole by every loader; beyond this it is split, as tensorflowjs_converter does. */
const shardBytes = 4 * 2 ** 20;

/** Writes `group1-shardNofM.bin` and returns the manifest. Rejects with the disk's error. */
export async function writeWeightFiles(
  folder: string,
  weights: readonly TfjsWeight[],
  type: WeightType,
): Promise<WeightsGroup[]> {
  const encoded = weights.map((weight) => encode(weight, type));
  const bytes = Buffer.concat(encoded.map((one) => one.bytes));
  const shards = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const paths = Array.from({ length: shards }, (_, index) => `group1-shard${index + 1}of${shards}.bin`);
  for (const [index, name] of paths.entries())
    await writeFileAtomic(
      path.join(folder, name),
      bytes.subarray(index * shardBytes, (index + 1) * shardBytes),
    );
  return [{ paths, weights: encoded.map(({ entry }) => entry) }];
}

function encode(weight: TfjsWeight, type: WeightType): { entry: object; bytes: Buffer } {
  const { name, shape, dtype, data, role } = weight;
  const entry = { name, shape, dtype };
  if (data instanceof Float32Array && role !== 'exact') {
    if (type === 'uint8' && role === 'kernel') {
      const { bytes, min, scale } = toUint8(data);
      return {
        entry: { ...entry, quantization: { dtype: 'uint8', min, scale, original_dtype: dtype } },
        bytes,
      };
    }
    if (type === 'float16' || type === 'uint8') {
      const halves = Uint16Array.from(data, toFloat16Bits);
      const quantization = { dtype: 'float16', original_dtype: dtype };
      return { entry: { ...entry, quantization }, bytes: Buffer.from(halves.buffer) };
    }
  }
  return { entry, bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength) };
}

/** value ≈ min + whole × scale, with zero held exactly, as tensorflowjs_converter quantises. */
function toUint8(data: Float32Array): { bytes: Buffer; min: number; scale: number } {
  let low = 0;
  let high = 0;
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return { bytes: Buffer.alloc(data.length), min: 0, scale: 1 };
  const scale = (high - low) / 255;
  const min = -Math.round(-low / scale) * scale;
  const bytes = Buffer.from(
    Uint8Array.from(data, (value) => Math.max(0, Math.min(255, Math.round((value - min) / scale)))),
  );
  return { bytes, min, scale };
}
