import { unreachable } from '../../../../shared/errors.ts';
import type { Preprocess } from '../../../../shared/domain/network.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../network/index.ts';
import { scalePixels } from './scalePixels.ts';
import type { FeatureKey } from './featureKey.ts';

/** How rows of values lie in memory and on disk. */
export interface RowCodec {
  readonly bytesPerValue: number;
  encode(values: Float32Array | Uint8Array): Uint8Array;
  /** Writes the values of encoded rows into `into`, from its start. */
  decode(bytes: Uint8Array, into: Float32Array): void;
}

/**
 * float32 as it is; float16 rounded to the nearest half (relative error at most 2⁻¹¹); pixels as 8-bit values that are
 * scaled when they are read.
 */
export function rowCodec(encoding: FeatureKey['encoding'], preprocess: Preprocess): RowCodec {
  switch (encoding) {
    case 'float32':
      return {
        bytesPerValue: 4,
        encode: (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        decode(bytes, into) {
          new Uint8Array(into.buffer, into.byteOffset, bytes.length).set(bytes);
        },
      };
    case 'float16':
      return {
        bytesPerValue: 2,
        encode(values) {
          const halves = Uint16Array.from(values, toFloat16Bits);
          return new Uint8Array(halves.buffer);
        },
        decode(bytes, into) {
          const halves = new Uint16Array(bytes.slice().buffer);
          for (const [index, half] of halves.entries()) into[index] = halfValues()[half] ?? NaN;
        },
      };
    case 'pixels':
      return {
        bytesPerValue: 1,
        encode: (values) => (values instanceof Uint8Array ? values : Uint8Array.from(values)),
        decode(bytes, into) {
          scalePixels(bytes, preprocess, into);
        },
      };
    default:
      return unreachable(encoding);
  }
}

let table: Float32Array | null = null;

/** All 65,536 halves: looking one up is several times faster than computing it. */
function halfValues(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => fromFloat16Bits(bits));
  return table;
}
