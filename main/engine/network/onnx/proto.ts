import { unreachable } from '../../../../shared/errors.ts';
import { toFloat16Bits } from '../weights/float16.ts';
import { encodeOnnx } from './messages.ts';

/** TensorProto.DataType. */
export const dataTypes = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10, float64: 11 } as const;
export type DataType = keyof typeof dataTypes;

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** An attribute of a node: whole numbers are INT, `{ float }` is FLOAT. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface ModelMessage {
  readonly graph: object;
  readonly opset: number;
  readonly irVersion: number;
}

export function encodeModel({ graph, opset, irVersion }: ModelMessage): Uint8Array {
  return encodeOnnx({
    ir_version: irVersion,
    producer_name: 'Thaw',
    graph,
    opset_import: [{ domain: '', version: opset }],
  });
}

export function attributeMessage(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeTypes.string };
  if ('float' in value) return { name, f: value.float, type: attributeTypes.float };
  return { name, ints: value, type: attributeTypes.ints };
}

/** Little-endian values, as the format asks. */
export function tensorMessage(
  name: string,
  type: DataType,
  shape: readonly number[],
  values: Float32Array | readonly number[],
): object {
  return { name, dims: shape, data_type: dataTypes[type], raw_data: rawBytes(type, values) };
}

function rawBytes(type: DataType, values: Float32Array | readonly number[]): Uint8Array {
  switch (type) {
    case 'float32':
      return floatBytes(Float32Array.from(values));
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, toFloat16Bits).buffer);
    case 'int64':
      return int64Bytes(values);
    case 'int8':
      return new Uint8Array(Int8Array.from(values).buffer);
    case 'uint8':
      return Uint8Array.from(values);
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer);
    default:
      return unreachable(type);
  }
}

/** @param shape null where the runtime is left to find it out. */
export function valueMessage(
  name: string,
  type: DataType,
  shape: readonly (number | string)[] | null,
): object {
  const elementType = { elem_type: dataTypes[type] };
  if (shape === null) return { name, type: { tensor_type: elementType } };
  const dim = shape.map((length) =>
    typeof length === 'string' ? { dim_param: length } : { dim_value: length },
  );
  return { name, type: { tensor_type: { ...elementType, shape: { dim } } } };
}

function int64Bytes(values: Iterable<number>): Uint8Array {
  return new Uint8Array(BigInt64Array.from([...values].map((value) => BigInt(value))).buffer);
}

function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
