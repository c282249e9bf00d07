import protobuf from 'protobufjs';
import { unreachable } from '../../../../shared/errors.ts';
import { toFloat16Bits } from '../float16.ts';

/**
 * The part of ONNX's format that the writer uses, in protocol buffers' own language: names and field numbers are those
 * of the ONNX specification (onnx/onnx.proto, IR version 8).
 */
const schema = `
syntax = "proto2";
message AttributeProto {
  optional string name = 1;
  optional float f = 2;
  optional int64 i = 3;
  optional bytes s = 4;
  repeated float floats = 7;
  repeated int64 ints = 8;
  optional int32 type = 20;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  optional string name = 8;
  optional bytes raw_data = 9;
}
message TensorShapeProto {
  message Dimension {
    optional int64 dim_value = 1;
    optional string dim_param = 2;
  }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor {
    optional int32 elem_type = 1;
    optional TensorShapeProto shape = 2;
  }
  optional Tensor tensor_type = 1;
}
message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
}
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto {
  optional string domain = 1;
  optional int64 version = 2;
}
message ModelProto {
  optional int64 ir_version = 1;
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}`;

/** TensorProto.DataType. */
export const dataTypes = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10 } as const;
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

const model = protobuf.parse(schema, { keepCase: true }).root.lookupType('ModelProto');

export function encodeModel({ graph, opset, irVersion }: ModelMessage): Uint8Array {
  return model
    .encode(
      model.create({
        ir_version: irVersion,
        producer_name: 'Thaw',
        graph,
        opset_import: [{ domain: '', version: opset }],
      }),
    )
    .finish();
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
    default:
      return unreachable(type);
  }
}

export function valueMessage(name: string, type: DataType, shape: readonly (number | string)[]): object {
  const dim = shape.map((length) =>
    typeof length === 'string' ? { dim_param: length } : { dim_value: length },
  );
  return { name, type: { tensor_type: { elem_type: dataTypes[type], shape: { dim } } } };
}

function int64Bytes(values: Iterable<number>): Uint8Array {
  return new Uint8Array(BigInt64Array.from([...values].map((value) => BigInt(value))).buffer);
}

function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
