import protobuf from 'protobufjs';

/**
 * The part of TensorFlow's SavedModel format that the compiler writes, in protocol buffers' own language: names and
 * field numbers are those of tensorflow/core/protobuf and tensorflow/core/framework.
 */
const schema = `
syntax = "proto3";
message TensorShapeProto {
  message Dim { int64 size = 1; }
  repeated Dim dim = 2;
}
message TensorProto {
  int32 dtype = 1;
  TensorShapeProto tensor_shape = 2;
  bytes tensor_content = 4;
}
message AttrValue {
  message ListValue {
    repeated bytes s = 2;
    repeated int64 i = 3;
    repeated float f = 4;
    repeated bool b = 5;
    repeated int32 type = 6;
    repeated TensorShapeProto shape = 7;
  }
  oneof value {
    ListValue list = 1;
    bytes s = 2;
    int64 i = 3;
    float f = 4;
    bool b = 5;
    int32 type = 6;
    TensorShapeProto shape = 7;
    TensorProto tensor = 8;
  }
}
message NodeDef {
  string name = 1;
  string op = 2;
  repeated string input = 3;
  map<string, AttrValue> attr = 5;
}
message VersionDef { int32 producer = 1; }
message GraphDef {
  repeated NodeDef node = 1;
  VersionDef versions = 4;
}
message TensorInfo {
  string name = 1;
  int32 dtype = 2;
  TensorShapeProto tensor_shape = 3;
}
message SignatureDef {
  map<string, TensorInfo> inputs = 1;
  map<string, TensorInfo> outputs = 2;
  string method_name = 3;
}
message MetaGraphDef {
  message MetaInfoDef {
    repeated string tags = 4;
    string tensorflow_version = 5;
  }
  MetaInfoDef meta_info_def = 1;
  GraphDef graph_def = 2;
  map<string, SignatureDef> signature_def = 5;
}
message SavedModel {
  int64 saved_model_schema_version = 1;
  repeated MetaGraphDef meta_graphs = 2;
}`;

const savedModel = protobuf.parse(schema, { keepCase: true }).root.lookupType('SavedModel');

/** DataType numbers. */
export const dataType = { float32: 1, int32: 3, bool: 10 } as const;
export type DataTypeName = keyof typeof dataType;

/** An AttrValue with one of its fields. */
export type AttrValue = Readonly<Record<string, unknown>>;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** "node", "node:output", or "^node" for a node that must have run before. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

export interface TensorInfo {
  /** "node:output". */
  readonly name: string;
  readonly dtype: number;
  readonly tensor_shape: object;
}

export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

export function shapeMessage(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size })) };
}

/** The version of the operations' meaning (graph.proto, VersionDef): of 2022; every later TensorFlow reads it. */
const producer = 1286;

/** The bytes of a saved_model.pb whose graph is tagged "serve". */
export function encodeSavedModel(
  nodes: readonly NodeDef[],
  signatures: Readonly<Record<string, SignatureDef>>,
): Uint8Array {
  const named = Object.entries(signatures).map(
    ([name, signature]) => [name, { ...signature, method_name: 'tensorflow/serving/predict' }] as const,
  );
  const message = {
    saved_model_schema_version: 1,
    meta_graphs: [
      {
        meta_info_def: { tags: ['serve'], tensorflow_version: '2.15.1' },
        graph_def: { node: nodes, versions: { producer } },
        signature_def: Object.fromEntries(named),
      },
    ],
  };
  return savedModel.encode(message).finish();
}
